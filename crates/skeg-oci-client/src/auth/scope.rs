//! Token scopes: what a token permits. No IO.
//!
//! Source: the distribution project's token specification, `repository:<name>:<action>[,<action>]`.

use std::fmt;

use skeg_oci::RepositoryName;

/// A set of scopes, the needed one first: some token services read only the first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Scopes(Vec<Scope>);

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Scope {
    /// `repository:charts/demo`, or a whole scope of another form.
    resource: String,
    /// Sorted; empty for a scope of another form.
    actions: Vec<String>,
}

impl Scopes {
    /// No scope, as a login check needs it.
    pub(crate) fn none() -> Self {
        Self::default()
    }

    /// Reading one repository.
    pub(crate) fn pull(repository: &RepositoryName) -> Self {
        Self::none().with(&format!("repository:{repository}:pull"))
    }

    /// Reading and writing one repository.
    pub(crate) fn push(repository: &RepositoryName) -> Self {
        Self::none().with(&format!("repository:{repository}:pull,push"))
    }

    /// Reading one repository and deleting from it.
    pub(crate) fn delete(repository: &RepositoryName) -> Self {
        Self::none().with(&format!("repository:{repository}:delete,pull"))
    }

    /// Adds one scope as text, merging its actions with those that the resource has.
    pub(crate) fn with(mut self, scope: &str) -> Self {
        let scope = Scope::parse(scope);
        match self.0.iter_mut().find(|known| known.resource == scope.resource) {
            Some(known) => known.merge(scope.actions),
            None => self.0.push(scope),
        }
        self
    }

    /// Adds the scopes of a challenge, which are separated by spaces.
    pub(crate) fn with_challenged(self, scopes: &str) -> Self {
        scopes.split_ascii_whitespace().fold(self, Self::with)
    }

    /// Adds those scopes of a challenge that name no repository (ECR Public demands `aws`): what a repository's
    /// operation needs is known better here than by the server, which may ask for less (GHCR).
    pub(crate) fn with_unusual(self, scopes: &str) -> Self {
        let unusual = scopes
            .split_ascii_whitespace()
            .filter(|scope| !scope.starts_with("repository:"));
        unusual.fold(self, Self::with)
    }

    /// Each scope as text.
    pub(crate) fn iter(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(ToString::to_string)
    }
}

impl Scope {
    fn parse(text: &str) -> Self {
        let parts = text
            .rsplit_once(':')
            .filter(|(resource, _)| resource.contains(':'));
        let Some((resource, actions)) = parts else {
            return Self {
                resource: text.to_owned(),
                actions: Vec::new(),
            };
        };
        let mut scope = Self {
            resource: resource.to_owned(),
            actions: Vec::new(),
        };
        scope.merge(actions.split(',').map(str::to_owned));
        scope
    }

    fn merge(&mut self, actions: impl IntoIterator<Item = String>) {
        self.actions.extend(actions);
        self.actions.sort();
        self.actions.dedup();
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.resource)?;
        if self.actions.is_empty() {
            return Ok(());
        }
        write!(formatter, ":{}", self.actions.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(scopes: &Scopes, expected: &[&str]) {
        assert_eq!(scopes.iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn scopes_of_operations() {
        let name = RepositoryName::parse("charts/demo").unwrap();
        check(&Scopes::none(), &[]);
        check(&Scopes::pull(&name), &["repository:charts/demo:pull"]);
        check(&Scopes::push(&name), &["repository:charts/demo:pull,push"]);
        check(
            &Scopes::push(&name).with("repository:base:pull"),
            &["repository:charts/demo:pull,push", "repository:base:pull"],
        );
    }

    #[test]
    fn challenged_scopes_merge_by_resource() {
        let name = RepositoryName::parse("a").unwrap();
        check(
            &Scopes::pull(&name)
                .with_challenged("repository:a:push,pull repository:b:pull registry:catalog:*"),
            &[
                "repository:a:pull,push",
                "repository:b:pull",
                "registry:catalog:*",
            ],
        );
        check(
            &Scopes::pull(&name).with_unusual("aws repository:a:push"),
            &["repository:a:pull", "aws"],
        );
        check(&Scopes::none().with_challenged(""), &[]);
    }
}
