//! Figures for Prometheus.

use std::sync::OnceLock;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::live::{Health, View};

/// Seconds that answers are counted by.
const BUCKETS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5];

/// The figures of this process.
#[derive(Clone)]
pub(super) struct Metrics(PrometheusHandle);

impl Metrics {
    /// Begins to count, once per process.
    pub(super) fn install() -> Metrics {
        static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
        let handle = HANDLE.get_or_init(|| {
            let builder = PrometheusBuilder::new()
                .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), BUCKETS)
                // The list of buckets is not empty, which is all that can be wrong with it.
                .expect("buckets");
            // Nothing else in this process counts; were it so, these figures would stay empty.
            builder
                .install_recorder()
                .unwrap_or_else(|_| PrometheusBuilder::new().build_recorder().handle())
        });
        Metrics(handle.clone())
    }

    pub(super) fn answered(
        &self,
        method: &Method,
        route: &str,
        status: StatusCode,
        took: Duration,
    ) {
        let labels = [
            ("method", method.as_str().to_owned()),
            ("route", route.to_owned()),
            ("status", status.as_u16().to_string()),
        ];
        counter!("rond_http_answers_total", &labels).increment(1);
        let route = route.to_owned();
        histogram!("rond_http_answer_seconds", "route" => route).record(took.as_secs_f64());
    }

    /// All figures as text.
    pub(super) fn text(&self, health: &Health, view: &View) -> String {
        gauge!("rond_log_seq").set(health.seq.0 as f64);
        gauge!("rond_store_up").set(f64::from(u8::from(health.is_store_up)));
        gauge!("rond_stream_listeners").set(health.listeners as f64);
        gauge!("rond_under_way").set(health.heavy.0 as f64);
        counter!("rond_refused_busy_total").absolute(health.refused_busy);
        gauge!("rond_plan_version").set(view.plan.version as f64);
        gauge!("rond_unassigned_visits").set(view.plan.unassigned.len() as f64);
        for (tier, points) in view.plan.score.tiers.iter().enumerate() {
            gauge!("rond_plan_points", "tier" => (tier + 1).to_string()).set(*points as f64);
        }
        let behind = view.plan.lists.iter().filter(|list| {
            let version = view.plan.list_versions.get(&list.shift);
            version != view.plan.acknowledged.get(&list.shift)
        });
        gauge!("rond_lists_not_acknowledged").set(behind.count() as f64);
        self.0.run_upkeep();
        self.0.render()
    }
}
