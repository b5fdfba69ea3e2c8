//! The values of an upgrade: from the command line, the chart, and the release as it is.

use skeg_engine::{reused_defaults, underlay_values};
use skeg_go::GoMap;
use skeg_release::{Release, StoredChart};

use crate::context::Context;
use crate::releases::ReuseArgs;

/// What a revision is rendered with.
pub(crate) struct UpgradeValues {
    /// In the place of the default values of the chart.
    pub(crate) defaults: Option<GoMap>,
    pub(crate) values: GoMap,
}

/// Helm 4.3.1: three flags, of which the first counts; without any, and without values, those of the release.
pub(crate) fn choose(args: ReuseArgs, given: GoMap, current: &Release, context: &Context) -> UpgradeValues {
    let config = current.config.as_ref().map(GoMap::from).unwrap_or_default();
    let say = |lines: Vec<String>| {
        for line in lines {
            context.printer().status(line);
        }
    };
    if args.reset_values {
        return UpgradeValues {
            defaults: None,
            values: given,
        };
    }
    if args.reuse_values {
        let chart = current.chart.as_ref();
        let name = chart
            .and_then(|chart| chart.metadata())
            .map_or("", |metadata| metadata.name.as_str());
        let stored = chart.and_then(StoredChart::values).unwrap_or_default();
        let (defaults, lines) = reused_defaults(name, &(&stored).into(), &config);
        say(lines);
        let (values, lines) = underlay_values(&given, &config);
        say(lines);
        return UpgradeValues {
            defaults: Some(defaults),
            values,
        };
    }
    if args.reset_then_reuse_values {
        let (values, lines) = underlay_values(&given, &config);
        say(lines);
        return UpgradeValues {
            defaults: None,
            values,
        };
    }
    let values = if given.is_empty() { config } else { given };
    UpgradeValues {
        defaults: None,
        values,
    }
}
