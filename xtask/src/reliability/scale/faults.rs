//! Bad links: bodies that break off, and a registry that takes so many requests only.

use std::time::Duration;

use crate::failure::{Failure, Result};
use crate::link::{Conditions, Limit};

use super::copies::Mirror;
use super::page::Figure;
use super::stage::{self, LARGE, LATENCY, Stage};
use super::web::Web;

/// How often the body of the large chart breaks off.
const CUTS: usize = 3;

/// What a cut may cost: the block that was open.
const OPEN_BLOCK: u64 = 64 * 1024;

/// The limits that a registry is given, in requests per second, each in windows of a quarter of a second.
const RATES: [usize; 2] = [100, 400];

/// Of all requests, at most one in so many may be refused.
const MOST_REFUSED: usize = 20;

pub(super) fn run(stage: &Stage) -> Result<Vec<Figure>> {
    let mut figures = vec![cut(stage, &[])?, cut(stage, &["--no-cache"])?];
    for rate in RATES {
        figures.push(limited(stage, rate)?);
    }
    Ok(figures)
}

fn cut(stage: &Stage, flags: &[&str]) -> Result<Figure> {
    let title = format!(
        "{} of 12 MB, cut three times",
        ["`pull", &flags.join(" ")].join(" ").trim_end().to_owned() + "`"
    );
    let link = stage.link(Conditions {
        latency: LATENCY,
        cuts: CUTS,
        ..Conditions::default()
    })?;
    let reference = format!("oci://{}/charts/large:1.0.0", link.address());
    let mut command = stage.skeg()?;
    command.args(["pull", &reference, "--plain-http"]).args(flags);
    let cost = stage::measure(&mut command)?;
    let figure = Figure::new(&title, cost, &[link.take_traffic()]);
    let manifest = Web::connect(stage.source.address())?.manifest("charts/large", "1.0.0")?;
    let once = archive_length(&command)? + u64::try_from(manifest.len()).unwrap_or(u64::MAX);
    let received = figure.traffic[0].received;
    let most = OPEN_BLOCK * u64::try_from(CUTS).unwrap_or(u64::MAX);
    match received.checked_sub(once) {
        Some(twice) if twice <= most => {
            let remark = format!("{received} bytes for an archive and a manifest of {once}");
            Ok(figure.with_remark(&remark))
        }
        _ => Err(Failure::new(format!(
            "{title}: {received} bytes instead of {once}: {figure:?}"
        ))),
    }
}

fn archive_length(command: &std::process::Command) -> Result<u64> {
    let directory = command.get_current_dir().expect("because a stage sets it");
    let length = fs_err::metadata(directory.join("large-1.0.0.tgz"))?.len();
    let least = u64::try_from(LARGE).unwrap_or(u64::MAX) / 2;
    if length < least {
        return Err(Failure::new(format!("the archive has {length} bytes only")));
    }
    Ok(length)
}

fn limited(stage: &Stage, rate: usize) -> Result<Figure> {
    let title = format!("`sync` of 200 charts, {rate} requests per second allowed");
    let window = Duration::from_millis(250);
    let links = stage.links(Conditions {
        latency: LATENCY,
        limit: Some(Limit {
            requests: rate / 4,
            window,
        }),
        ..Conditions::default()
    })?;
    let mirror = Mirror::new(stage, &links, 2);
    let cost = mirror.sync(stage)?;
    mirror.verify(stage)?;
    let figure = Figure::new(&title, cost, &links.take_traffic());
    let busiest = figure.traffic.iter().max_by_key(|traffic| traffic.requests);
    let busiest = busiest.copied().unwrap_or_default();
    if busiest.refused * MOST_REFUSED > busiest.requests {
        return Err(Failure::new(format!("{title}: hammered: {figure:?}")));
    }
    let passed = u32::try_from(busiest.requests - busiest.refused).unwrap_or(u32::MAX);
    let ideal = f64::from(passed) / f64::from(u32::try_from(rate).unwrap_or(u32::MAX));
    let remark = format!(
        "{} refused; the limit alone makes it {ideal:.1} s",
        busiest.refused
    );
    Ok(figure.with_remark(&remark))
}
