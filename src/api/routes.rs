//! Every route on one page: what it is for, who may call it and of which area, what goes in, what
//! comes out. The router and the document are both made from this table.

use axum::Router;
use axum::http::Method;
use axum::routing::{MethodRouter, get, post};
use serde_json::Value;

use super::openapi::{
    Answer, Field, accepted, event_body, options_or_accepted, request_body, schema_of, stream_text,
};
use super::{App, handle, shape};

/// Who may call a route.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    /// Takes requests and answers for the plan of her delregioner.
    Dispatcher,
    /// A doctor, a läkarbil, a nurse: its own shifts.
    Crew,
    /// Looks at figures, never at patients.
    Planner,
    /// Another program that was let in.
    Integration,
    /// Keeps the service running; sees no patient.
    Operator,
}

impl Role {
    pub(super) fn name(self) -> &'static str {
        match self {
            Role::Dispatcher => "dispatcher",
            Role::Crew => "crew",
            Role::Planner => "planner",
            Role::Integration => "integration",
            Role::Operator => "operator",
        }
    }
}

/// Of which area a caller sees things.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Area {
    /// The delregioner and municipalities that she was given.
    Given,
    /// Her own shift, and the visits on it.
    OwnShift,
    /// Nothing on the route is of any area.
    Everywhere,
}

impl Area {
    pub(super) fn name(self) -> &'static str {
        match self {
            Area::Given => "given",
            Area::OwnShift => "own_shift",
            Area::Everywhere => "everywhere",
        }
    }
}

/// A route.
pub(super) struct Route {
    pub(super) method: Method,
    pub(super) path: &'static str,
    /// Its name in the document.
    pub(super) name: &'static str,
    /// What it is for.
    pub(super) summary: &'static str,
    /// Who may call it, and of which area each sees things. Never empty.
    pub(super) roles: &'static [(Role, Area)],
    /// Fields of the path, the query and the headers.
    pub(super) fields: &'static [Field],
    /// The schema of the body.
    pub(super) body: Option<fn() -> Value>,
    /// What it answers when all is well.
    pub(super) answers: &'static [Answer],
    /// Can what it names be unknown?
    pub(super) names_something: bool,
    /// Can it be refused as things are now?
    pub(super) may_be_refused: bool,
    handler: fn() -> MethodRouter<App>,
}

use Area::{Everywhere, Given, OwnShift};
use Role::{Crew, Dispatcher, Integration, Operator, Planner};

const DISPATCH: &[(Role, Area)] = &[(Dispatcher, Given), (Integration, Given)];
const DISPATCH_AND_CREW: &[(Role, Area)] =
    &[(Dispatcher, Given), (Integration, Given), (Crew, OwnShift)];
const READERS: &[(Role, Area)] =
    &[(Dispatcher, Given), (Planner, Given), (Integration, Given), (Crew, OwnShift)];
const ANYBODY: &[(Role, Area)] = &[
    (Dispatcher, Everywhere),
    (Crew, Everywhere),
    (Planner, Everywhere),
    (Integration, Everywhere),
    (Operator, Everywhere),
];

const BY: Field = Field::header("X-Rond-User", "Who asks; kept with the event.");
const KEY: Field = Field::header(
    "Idempotency-Key",
    "The same request sent again with the same key is done once and answered alike.",
);
const ETAG: Field = Field::header("If-None-Match", "The ETag of what the caller has.");
const SHIFT: Field = Field::path("shift", "Id of the shift.");
const SUGGESTION: Field = Field::path("suggestion", "Number of the suggestion.");

pub(super) const ROUTES: &[Route] = &[
    Route {
        method: Method::POST,
        path: "/v1/requests",
        name: "request_visit",
        summary: "Asks for a visit: it gets the best place there is, or the one that was chosen, \
                  and all options are told. As a dry run only the options are told.",
        roles: DISPATCH,
        fields: &[
            Field::flag("dry_run", "Only tell where the visit could go; nothing is changed."),
            Field::number("hold_minutes", 1, 60, "Hold the place so long, unless confirmed."),
            BY,
            KEY,
        ],
        body: Some(request_body),
        answers: &[
            Answer::json(200, "Where the visit could go (dry run).", options_or_accepted),
            Answer::json(201, "It is stored, and has its place if there is one.", accepted),
        ],
        names_something: false,
        may_be_refused: true,
        handler: || post(handle::request),
    },
    Route {
        method: Method::POST,
        path: "/v1/events",
        name: "report_event",
        summary: "Reports anything else that happens: a visit changed, cancelled or confirmed; a \
                  crew on, off or late; positions and progress; pins; what people were told; \
                  lists that were seen; a visit put somewhere by hand.",
        roles: DISPATCH_AND_CREW,
        fields: &[BY, KEY],
        body: Some(event_body),
        answers: &[Answer::json(201, "It is stored.", accepted)],
        names_something: false,
        may_be_refused: true,
        handler: || post(handle::event),
    },
    Route {
        method: Method::GET,
        path: "/v1/plan",
        name: "plan",
        summary: "The plan as it is stored.",
        roles: READERS,
        fields: &[ETAG],
        body: None,
        answers: &[
            Answer::json(200, "The plan.", schema_of::<shape::Plan>),
            Answer::empty(304, "The caller has it already."),
        ],
        names_something: false,
        may_be_refused: false,
        handler: || get(handle::plan),
    },
    Route {
        method: Method::GET,
        path: "/v1/plan/changes",
        name: "plan_changes",
        summary: "The lists that have changed since a version of the plan.",
        roles: READERS,
        fields: &[Field::number("since", 0, i64::MAX, "The version that the caller has.")],
        body: None,
        answers: &[Answer::json(200, "The changes.", schema_of::<shape::Changes>)],
        names_something: false,
        may_be_refused: false,
        handler: || get(handle::changes),
    },
    Route {
        method: Method::GET,
        path: "/v1/shifts/{shift}/stops",
        name: "stops",
        summary: "The stops of a shift that are still to come, and how far the crew has come.",
        roles: READERS,
        fields: &[SHIFT, ETAG],
        body: None,
        answers: &[
            Answer::json(200, "The list.", schema_of::<shape::StopList>),
            Answer::empty(304, "The caller has it already."),
        ],
        names_something: true,
        may_be_refused: false,
        handler: || get(handle::stops),
    },
    Route {
        method: Method::GET,
        path: "/v1/visits",
        name: "visits",
        summary: "Visits as they are now, in the order in which they became known.",
        roles: DISPATCH,
        fields: &[
            Field::text("after", "Id of the last visit of the page before."),
            Field::number("limit", 1, 1_000, "So many; 100 when nobody says."),
        ],
        body: None,
        answers: &[Answer::json(200, "A page.", schema_of::<shape::VisitPage>)],
        names_something: true,
        may_be_refused: false,
        handler: || get(handle::visits),
    },
    Route {
        method: Method::GET,
        path: "/v1/visits/{visit}",
        name: "visit",
        summary: "A visit as it is now.",
        roles: DISPATCH_AND_CREW,
        fields: &[Field::path("visit", "Id of the visit.")],
        body: None,
        answers: &[Answer::json(200, "The visit.", schema_of::<shape::Visit>)],
        names_something: true,
        may_be_refused: false,
        handler: || get(handle::visit),
    },
    Route {
        method: Method::GET,
        path: "/v1/visits/{visit}/explain",
        name: "explain_visit",
        summary: "Why a visit has the crews that it has, and who else could come: per crew the \
                  price, or the rule in the way.",
        roles: DISPATCH,
        fields: &[Field::path("visit", "Id of the visit.")],
        body: None,
        answers: &[Answer::json(200, "The visit's parts.", schema_of::<shape::Explained>)],
        names_something: true,
        may_be_refused: true,
        handler: || get(handle::explain),
    },
    Route {
        method: Method::GET,
        path: "/v1/crews",
        name: "crews",
        summary: "All crews and their shifts.",
        roles: READERS,
        fields: &[],
        body: None,
        answers: &[Answer::json(200, "The crews.", schema_of::<shape::Crews>)],
        names_something: false,
        may_be_refused: false,
        handler: || get(handle::crews),
    },
    Route {
        method: Method::GET,
        path: "/v1/suggestions",
        name: "suggestions",
        summary: "Better plans that would disturb somebody, and wait for a yes.",
        roles: DISPATCH,
        fields: &[],
        body: None,
        answers: &[Answer::json(200, "Those that wait.", schema_of::<shape::Suggestions>)],
        names_something: false,
        may_be_refused: false,
        handler: || get(handle::suggestions),
    },
    Route {
        method: Method::POST,
        path: "/v1/suggestions/{suggestion}/accept",
        name: "accept_suggestion",
        summary: "Gives a suggestion out.",
        roles: DISPATCH,
        fields: &[SUGGESTION, BY],
        body: None,
        answers: &[Answer::json(201, "It is given out.", accepted)],
        names_something: true,
        may_be_refused: true,
        handler: || post(handle::accept),
    },
    Route {
        method: Method::POST,
        path: "/v1/suggestions/{suggestion}/reject",
        name: "reject_suggestion",
        summary: "Takes a suggestion away.",
        roles: DISPATCH,
        fields: &[SUGGESTION],
        body: None,
        answers: &[Answer::empty(204, "It is gone.")],
        names_something: true,
        may_be_refused: false,
        handler: || post(handle::reject),
    },
    Route {
        method: Method::GET,
        path: "/v1/stream",
        name: "stream",
        summary: "What happens, as server-sent events. Their ids are places in the log: whoever \
                  was away goes on with Last-Event-ID. The event `reset` says that too much was \
                  missed, and that the whole plan has to be looked at.",
        roles: READERS,
        fields: &[
            Field::number("after", 0, i64::MAX, "Go on after this place in the log."),
            Field::header("Last-Event-ID", "The same, as browsers send it."),
        ],
        body: None,
        answers: &[Answer::stream(200, "The stream.", stream_text)],
        names_something: false,
        may_be_refused: false,
        handler: || get(handle::stream),
    },
    Route {
        method: Method::GET,
        path: "/healthz",
        name: "live",
        summary: "It runs.",
        roles: ANYBODY,
        fields: &[],
        body: None,
        answers: &[Answer::json(200, "It runs.", any_object)],
        names_something: false,
        may_be_refused: false,
        handler: || get(handle::live),
    },
    Route {
        method: Method::GET,
        path: "/readyz",
        name: "ready",
        summary: "It can take requests in, or why not.",
        roles: ANYBODY,
        fields: &[],
        body: None,
        answers: &[
            Answer::json(200, "It can.", schema_of::<shape::Ready>),
            Answer::json(503, "It cannot, and why.", schema_of::<shape::Ready>),
        ],
        names_something: false,
        may_be_refused: false,
        handler: || get(handle::ready),
    },
    Route {
        method: Method::GET,
        path: "/metrics",
        name: "metrics",
        summary: "Figures for Prometheus.",
        roles: &[(Operator, Everywhere)],
        fields: &[],
        body: None,
        answers: &[Answer::text(200, "The figures.")],
        names_something: false,
        may_be_refused: false,
        handler: || get(handle::metrics),
    },
    Route {
        method: Method::GET,
        path: "/openapi.json",
        name: "openapi",
        summary: "This document.",
        roles: ANYBODY,
        fields: &[],
        body: None,
        answers: &[Answer::json(200, "The document.", any_object)],
        names_something: false,
        may_be_refused: false,
        handler: || get(handle::openapi),
    },
];

fn any_object() -> Value {
    serde_json::json!({ "type": "object" })
}

/// All routes.
pub(super) fn router() -> Router<App> {
    ROUTES.iter().fold(Router::new(), |router, route| router.route(route.path, (route.handler)()))
}
