//! Places and patients.

use super::{Context, MunicipalityOfPlace, minutes};
use crate::domain::{
    CareFormId, CrewId, MunicipalityId, Patient, PatientId, Place, PlaceId, Point, Seconds, UnitId,
};
use crate::wire::document::Node;
use crate::wire::problem::{E0601, Problems};

pub(super) fn place<'a>(
    node: &Node<'a>,
    context: &Context<'a>,
    problems: &mut Problems,
) -> Option<Place> {
    let municipality = context.municipalities.named(node, "municipality", problems);
    let point = point(node, context, problems);
    let setup = node.optional("setup_minutes", minutes);
    let name = node.optional("name", |node, key| node.text(key));
    Some(Place {
        id: PlaceId::new(node.text("id")?),
        name: name?.unwrap_or_default().to_owned(),
        point: point?,
        municipality: MunicipalityId::new(municipality?),
        setup: setup?.unwrap_or(Seconds::ZERO),
    })
}

/// The point of a latitude and a longitude; reported when it does not lie in the region or near it.
pub(super) fn point(node: &Node, context: &Context, problems: &mut Problems) -> Option<Point> {
    let point = Point::from_degrees(node.number("lat")?, node.number("lon")?)?;
    if let Some(bounds) = &context.region.bounds
        && !bounds.hold(point)
    {
        let (lat, lon) = (point.lat(), point.lon());
        let cause = format!("latitude {lat}, longitude {lon} lies outside the region");
        let action = "Check both, and that they are not exchanged";
        problems.add(E0601, node.path(), cause, action);
    }
    Some(point)
}

pub(super) fn patient<'a>(
    node: &Node<'a>,
    context: &Context<'a>,
    municipality_of_place: &MunicipalityOfPlace<'a>,
    problems: &mut Problems,
) -> Option<Patient> {
    let place = context.places.named(node, "place", problems);
    let care_form = context.care_forms.named(node, "care_form", problems);
    let named_doctor = context.crews.named_if_given(node, "named_doctor", problems);
    let own_municipality = context.municipalities.named_if_given(node, "municipality", problems);
    let unit = node.optional("unit", |node, key| node.text(key));
    let place = place?;
    let municipality = match own_municipality? {
        Some(id) => id,
        None => municipality_of_place.get(place)?,
    };
    Some(Patient {
        id: PatientId::new(node.text("id")?),
        place: PlaceId::new(place),
        care_form: CareFormId::new(care_form?),
        named_doctor: named_doctor?.map(CrewId::new),
        unit: unit?.map(UnitId::new),
        municipality: MunicipalityId::new(municipality),
    })
}
