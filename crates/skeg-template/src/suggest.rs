//! Names that somebody may have meant.

/// How many names are suggested.
const LIMIT: usize = 3;

/// The names that are most like `wanted`, the best first.
pub fn similar<N: AsRef<str>>(wanted: &str, names: impl IntoIterator<Item = N>) -> Vec<String> {
    let allowed = (wanted.chars().count() / 3).clamp(1, 4);
    let mut found: Vec<(usize, String)> = names
        .into_iter()
        .filter(|name| name.as_ref() != wanted)
        .filter_map(|name| {
            let distance = distance(wanted, name.as_ref(), allowed)?;
            Some((distance, name.as_ref().to_owned()))
        })
        .collect();
    found.sort();
    found.dedup();
    found.into_iter().take(LIMIT).map(|(_, name)| name).collect()
}

/// The number of characters to change, add, drop or swap with their neighbours; none if above `allowed`.
fn distance(left: &str, right: &str, allowed: usize) -> Option<usize> {
    let left: Vec<char> = left.chars().flat_map(char::to_lowercase).collect();
    let right: Vec<char> = right.chars().flat_map(char::to_lowercase).collect();
    if left.len().abs_diff(right.len()) > allowed {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, from) in left.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, to) in right.iter().enumerate() {
            let mut best = (row[j] + usize::from(from != to))
                .min(row[j + 1] + 1)
                .min(next[j] + 1);
            if i > 0 && j > 0 && *from == right[j - 1] && left[i - 1] == *to {
                best = best.min(before[j - 1] + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().filter(|distance| *distance <= allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(wanted: &str, expected: &[&str]) {
        let names = [
            "toYaml", "toJson", "include", "quote", "squote", "nindent", "indent",
        ];
        assert_eq!(similar(wanted, names), expected);
    }

    #[test]
    fn suggests_what_is_near() {
        check("toYml", &["toYaml"]);
        check("toyaml", &["toYaml"]);
        check("inclued", &["include"]);
        check("nident", &["indent", "nindent"]);
        check("quot", &["quote"]);
        check("somethingElse", &[]);
        check("", &[]);
    }
}
