//! `skeg search hub`.

use serde::Serialize;
use serde_json::Value;
use skeg_go::net_url::{self, Url};
use skeg_oci_client::FetchUrlError;

use super::{NO_RESULT, TableArgs};
use crate::args::{AccessArgs, OutputArgs};
use crate::classic;
use crate::context::Context;
use crate::error::{CommandError, chain};
use crate::remote::go_words::shown;
use crate::table::Table;
use crate::work::block_on;

/// Helm 4.3.1: where is searched unless another place is named. It redirects to Artifact Hub.
const DEFAULT_ENDPOINT: &str = "https://hub.helm.sh";

/// Below the endpoint.
const SEARCH_PATH: &[u8] = b"api/chartsvc/v1/charts/search";

/// How large an answer may be.
const ANSWER_LIMIT: usize = 64 << 20;

/// Search for charts in Artifact Hub, or in a hub of your own
///
/// The keyword goes to the hub as it is; Artifact Hub understands queries with more to them than words. A hub of your own must
/// answer as Monocular did.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg search hub [KEYWORD] [flags]")]
pub(crate) struct HubArgs {
    /// What to search for; several words are one keyword
    #[arg(value_name = "KEYWORD")]
    keyword: Vec<String>,

    /// The hub to ask
    #[arg(long, value_name = "URL", default_value = DEFAULT_ENDPOINT)]
    endpoint: String,

    /// Show the addresses of the repositories too
    #[arg(long)]
    list_repo_url: bool,

    #[command(flatten)]
    table: TableArgs,

    #[command(flatten)]
    output: OutputArgs,
}

/// A chart that was found. The fields have Helm's names.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct HubReport {
    url: String,
    version: String,
    app_version: String,
    description: String,
    repository: HubRepository,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct HubRepository {
    url: String,
    name: String,
}

/// Helm 4.3.1: `No results found` is on standard output; with `--list-repo-url` the table has one more column.
pub(super) fn hub(args: &HubArgs, context: &Context) -> Result<(), CommandError> {
    let url = search_url(&args.endpoint, &args.keyword.join(" "))
        .map_err(|problem| not_connected(&args.endpoint, &problem))?;
    let client = classic::client(&AccessArgs::default(), None, context);
    let answer = block_on(async { Ok(client.fetch_url(&url, ANSWER_LIMIT).await) })?;
    let answer = answer.map_err(|error| not_searched(&args.endpoint, &error))?;
    let reports = read(&answer, &args.endpoint).ok_or_else(|| not_understood(&args.endpoint))?;
    print(&reports, args, context)
}

fn print(reports: &[HubReport], args: &HubArgs, context: &Context) -> Result<(), CommandError> {
    if reports.is_empty() && args.table.fail_on_no_result {
        return Err(CommandError::user("no results found"));
    }
    let printer = context.printer();
    if args.output.output.print(&reports, printer)? {
        return Ok(());
    }
    if reports.is_empty() {
        return Ok(printer.line(NO_RESULT)?);
    }
    let width = args.table.max_col_width;
    let heading = ["URL", "CHART VERSION", "APP VERSION", "DESCRIPTION"];
    if !args.list_repo_url {
        let mut table = Table::new(heading).padded().max_width(width);
        for report in reports {
            table.row(report.cells());
        }
        return table.print(context);
    }
    let [first, second, third, fourth] = heading;
    let mut table = Table::new([first, second, third, fourth, "REPO URL"]);
    for report in reports {
        let [first, second, third, fourth] = report.cells();
        table.row([first, second, third, fourth, &report.repository.url]);
    }
    table.padded().max_width(width).print(context)
}

impl HubReport {
    fn cells(&self) -> [&str; 4] {
        [&self.url, &self.version, &self.app_version, &self.description]
    }
}

/// Where to search, or what is wrong with the endpoint in the words of Go.
fn search_url(endpoint: &str, keyword: &str) -> Result<String, String> {
    let mut url = Url::parse(endpoint.as_bytes()).map_err(|error| error.to_string())?;
    if url.hostname().is_empty() {
        return Err("no hostname provided".to_owned());
    }
    let path = skeg_go::path::join([&*url.path, SEARCH_PATH]);
    url.path = if path.starts_with(b"/") {
        path
    } else {
        [b"/", &*path].concat()
    };
    url.raw_path.clear();
    url.raw_query = [b"q=", &*net_url::query_escape(keyword.as_bytes())].concat();
    url.fragment.clear();
    Ok(String::from_utf8_lossy(&url.to_bytes()).into_owned())
}

/// Reads what a hub answers. A field that is not there, or of another kind, is empty, as in Helm; where the answer as a whole
/// is something else there is nothing to read.
fn read(answer: &[u8], endpoint: &str) -> Option<Vec<HubReport>> {
    let mut documents = serde_json::Deserializer::from_slice(answer).into_iter::<Value>();
    let charts = match documents.next()?.ok()? {
        Value::Null => return Some(Vec::new()),
        Value::Object(mut fields) => fields.remove("data").unwrap_or_default(),
        _ => return None,
    };
    match charts {
        Value::Null => Some(Vec::new()),
        Value::Array(charts) => charts.iter().map(|chart| report(chart, endpoint)).collect(),
        _ => None,
    }
}

fn report(chart: &Value, endpoint: &str) -> Option<HubReport> {
    let text = |path: &str| {
        let value = chart.pointer(path).and_then(Value::as_str);
        value.unwrap_or_default().to_owned()
    };
    chart.as_object()?;
    let page = text("/artifactHub/packageUrl");
    let version = |field| text(&format!("/relationships/latestChartVersion/data/{field}"));
    Some(HubReport {
        url: if page.is_empty() {
            format!("{endpoint}/charts/{}", text("/id"))
        } else {
            page
        },
        version: version("version"),
        app_version: version("app_version"),
        description: text("/attributes/description"),
        repository: HubRepository {
            url: text("/attributes/repo/url"),
            name: text("/attributes/repo/name"),
        },
    })
}

fn quoted(endpoint: &str) -> String {
    skeg_go::quote::quote(&shown(endpoint))
}

/// Helm 4.3.1: `unable to create connection to "URL": …`.
fn not_connected(endpoint: &str, problem: &str) -> CommandError {
    let problem = problem.replace(endpoint, &shown(endpoint));
    let text = format!("unable to create connection to {}: {problem}", quoted(endpoint));
    CommandError::user(text).hint("the address of a hub begins with `https://` or `http://`")
}

/// Helm 4.3.1 does not say why.
fn not_searched(endpoint: &str, error: &FetchUrlError) -> CommandError {
    let text = format!("unable to perform search against {}", quoted(endpoint));
    CommandError::user(text).hint(match error {
        FetchUrlError::Request(error) if error.response().is_some() => {
            format!(
                "it answered {}: look whether `--endpoint` is the address of a hub",
                error.reason()
            )
        }
        FetchUrlError::Request(error) => format!("it cannot be reached: {}", error.reason()),
        FetchUrlError::Scheme { .. } => "the address of a hub begins with `https://` or `http://`".to_owned(),
        error => chain(error),
    })
}

/// Helm 4.3.1 says that there are no results.
fn not_understood(endpoint: &str) -> CommandError {
    let text = format!(
        "unable to perform search against {}: what it answered is no result of a search",
        quoted(endpoint)
    );
    CommandError::user(text)
        .hint("look whether `--endpoint` is the address of a hub, and not of a page about one")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_url(endpoint: &str, keyword: &str, expected: Result<&str, &str>) {
        let url = search_url(endpoint, keyword);
        assert_eq!(url.as_deref().map_err(String::as_str), expected);
    }

    #[test]
    fn the_keyword_is_a_query_below_the_endpoint() {
        const PATH: &str = "api/chartsvc/v1/charts/search";
        check_url(
            "https://hub.example",
            "",
            Ok(&format!("https://hub.example/{PATH}?q=")),
        );
        check_url(
            "http://hub.example:80/a/?x=y#z",
            "a&b c/é",
            Ok(&format!("http://hub.example:80/a/{PATH}?q=a%26b+c%2F%C3%A9")),
        );
        check_url("hub", "", Err("no hostname provided"));
        check_url("", "", Err("no hostname provided"));
        check_url(
            "http://a:b",
            "",
            Err("parse \"http://a:b\": invalid port \":b\" after host"),
        );
    }

    #[track_caller]
    fn check_answer(answer: &str, expected: Option<&[&str]>) {
        let reports = read(answer.as_bytes(), "https://hub.example");
        let urls = reports.map(|reports| reports.into_iter().map(|report| report.url).collect::<Vec<_>>());
        let expected = expected.map(|urls| urls.iter().map(|&url| url.to_owned()).collect::<Vec<_>>());
        assert_eq!(urls, expected, "{answer}");
    }

    #[test]
    fn what_is_no_result_of_a_search_is_told_from_one_without_charts() {
        for empty in [
            "null",
            "{}",
            "{\"data\":null}",
            "{\"data\":[]} more",
            " {\"data\":[]}\n",
        ] {
            check_answer(empty, Some(&[]));
        }
        for other in [
            "",
            "<html>",
            "[]",
            "7",
            "{\"data\":{}}",
            "{\"data\":[7]}",
            "{\"data\":[",
            "\u{feff}{}",
        ] {
            check_answer(other, None);
        }
        check_answer(
            "{\"data\":[{\"id\":\"a/b\"},{\"id\":7},{\"id\":\"c\",\"artifactHub\":{\"packageUrl\":\"https://p\"}}]}",
            Some(&[
                "https://hub.example/charts/a/b",
                "https://hub.example/charts/",
                "https://p",
            ]),
        );
    }
}
