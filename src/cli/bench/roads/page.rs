//! The figures, for people.

use super::Report;
use super::agreement::Errors;

/// The whole page.
pub fn page(report: &Report) -> String {
    let (agreement, speed) = (&report.agreement, &report.speed);
    let mut text = format!(
        "{} ({}) · {} km of road · {}\n\nrandom pairs {}, without a way {}\n",
        report.network,
        report.data_date.as_deref().unwrap_or("date unknown"),
        report.road_metres / 1_000,
        report.attribution,
        agreement.pairs,
        agreement.unreachable,
    );
    if let Some(osrm) = &agreement.osrm {
        text += &format!(
            "  without a way in OSRM {}; a way in the network alone {}, in OSRM alone {}\n\n\
             {:<16} {:>7} {:>8} {:>9} {:>9} {:>18} {:>9}\n",
            osrm.unreachable,
            osrm.network_only,
            osrm.osrm_only,
            "against OSRM",
            "pairs",
            "scalar",
            "median %",
            "95th %",
            "unscaled: median %",
            "95th %"
        );
        text += &line("30 s or more", &osrm.from_30_seconds);
        text += &line("all", &osrm.all);
    }
    let osrm_table = speed.osrm_table_wall_seconds.map_or(String::new(), |seconds| {
        format!("  OSRM, in blocks           {seconds:>9.3} s on the clock\n")
    });
    text += &format!(
        "\n{places} × {places}\n  points new to the network {:>9.3} CPU s ({:.3} s on the clock)\n\
         \x20 once more, least of 3     {:>9.3} CPU s\n{osrm_table}\
         one place more in {}  {:>9.2} CPU ms (median of 20), {:.2} at most\n\
         at another pace         {:>9.2} CPU ms (least of 10), median {:.2}\n\
         one to one              {:>9.2} CPU µs, not as in the table: {}\n",
        speed.table_cpu_seconds,
        speed.table_wall_seconds,
        speed.table_again_cpu_seconds,
        speed.matrix_places,
        speed.one_more_milliseconds_median,
        speed.one_more_milliseconds_most,
        speed.reweighing_milliseconds_least,
        speed.reweighing_milliseconds_median,
        speed.one_to_one_microseconds,
        speed.one_to_one_differing,
        places = speed.places,
    );
    text
}

fn line(what: &str, errors: &Errors) -> String {
    format!(
        "{what:<16} {:>7} {:>8.4} {:>9.2} {:>9.2} {:>18.2} {:>9.2}\n",
        errors.pairs,
        errors.scalar,
        errors.median,
        errors.p95,
        errors.median_unscaled,
        errors.p95_unscaled
    )
}
