//! Lists: ten thousand tags of a repository, and a search through a hundred repositories.

use crate::failure::{Failure, Result};

use super::copies::{far, require_bounds};
use super::page::Figure;
use super::stage::{self, REPOSITORIES, Stage, TAGS};

/// How many tags a page of a registry has at least.
const PAGE: usize = 1000;

/// skeg's own limit of requests that read.
const MOST_AT_ONCE: usize = 32;

pub(super) fn run(stage: &Stage) -> Result<Vec<Figure>> {
    Ok(vec![tags(stage)?, search(stage)?])
}

fn tags(stage: &Stage) -> Result<Figure> {
    let title = "`tags` of 10,000";
    let link = stage.link(far())?;
    let reference = format!("oci://{}/charts/many", link.address());
    let mut command = stage.skeg()?;
    command.args(["tags", &reference, "--plain-http"]);
    let cost = stage::measure(&mut command)?;
    let figure = Figure::new(title, cost, &[link.take_traffic()]);
    require_bounds(title, &figure, MOST_AT_ONCE)?;
    if figure.traffic[0].requests > TAGS.div_ceil(PAGE) {
        return Err(Failure::new(format!(
            "{title}: more than one request for each page: {figure:?}"
        )));
    }
    Ok(figure)
}

fn search(stage: &Stage) -> Result<Figure> {
    let title = "`search` of a registry with 102 repositories";
    let link = stage.link(far())?;
    let place = format!("oci://{}", link.address());
    let mut command = stage.skeg()?;
    command.args(["search", &place, "--plain-http", "--fail-on-no-result"]);
    let cost = stage::measure(&mut command)?;
    let figure = Figure::new(title, cost, &[link.take_traffic()]);
    require_bounds(title, &figure, MOST_AT_ONCE)?;
    // Tags, manifest and configuration of each, and some pages of the list of repositories and of the tags.
    if figure.traffic[0].requests > 3 * REPOSITORIES + 40 {
        return Err(Failure::new(format!("{title}: too many requests: {figure:?}")));
    }
    Ok(figure)
}
