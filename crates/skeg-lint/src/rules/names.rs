//! Names of resources, as the Kubernetes API checks them.

use skeg_go::quote::quote;

use crate::resource::Resource;

/// What is wrong with the name of a resource, if something is.
pub(crate) fn check(resource: &Resource) -> Option<String> {
    let name = &resource.name;
    let problems = match resource.kind.to_lowercase().as_str() {
        "service" => service_problems(name),
        "namespace" => label_problems(name),
        "certificatesigningrequest" => Vec::new(),
        "role" | "clusterrole" | "rolebinding" | "clusterrolebinding" => segment_problems(name),
        _ => subdomain_problems(name),
    };
    let quoted = quote(name);
    let problems: Vec<String> = problems
        .iter()
        .map(|problem| format!("metadata.name: Invalid value: {quoted}: {problem}"))
        .collect();
    let problems = match problems.as_slice() {
        [] => return None,
        [one] => one.clone(),
        several => format!("[{}]", several.join(", ")),
    };
    Some(format!(
        "object name does not conform to Kubernetes naming requirements: {quoted}: {problems}"
    ))
}

const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', \
     and must start and end with an alphanumeric character (e.g. 'example.com', \
     regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', \
     and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', \
     regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SERVICE: &str = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', \
     start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', \
     regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

fn subdomain_problems(name: &str) -> Vec<String> {
    let form = (!is_subdomain(name)).then_some(SUBDOMAIN);
    problems(name, 253, "bytes", form)
}

fn label_problems(name: &str) -> Vec<String> {
    let form = match (is_label(name), is_subdomain(name)) {
        (true, _) => None,
        (false, true) => Some("must not contain dots"),
        (false, false) => Some(LABEL),
    };
    problems(name, 63, "bytes", form)
}

fn service_problems(name: &str) -> Vec<String> {
    let is_fine = is_label(name) && name.starts_with(|first: char| first.is_ascii_lowercase());
    problems(name, 63, "characters", (!is_fine).then_some(SERVICE))
}

fn segment_problems(name: &str) -> Vec<String> {
    if matches!(name, "." | "..") {
        return vec![format!("may not be '{name}'")];
    }
    let found = ["/", "%"].into_iter().filter(|part| name.contains(part));
    found.map(|part| format!("may not contain '{part}'")).collect()
}

/// The rules of Kubernetes count bytes, and call them so or not.
fn problems(name: &str, longest: usize, unit: &str, form: Option<&str>) -> Vec<String> {
    let length = (name.len() > longest).then(|| format!("must be no more than {longest} {unit}"));
    length.into_iter().chain(form.map(str::to_owned)).collect()
}

fn is_subdomain(name: &str) -> bool {
    name.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    let is_end =
        |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let bytes = label.as_bytes();
    let is_inner = |byte: &u8| is_end(Some(byte)) || *byte == b'-';
    is_end(bytes.first()) && is_end(bytes.last()) && bytes.iter().all(is_inner)
}
