//! `--dry-run=server`: what a cluster can do, has, and would say of the outcome.

use std::rc::Rc;
use std::sync::Arc;

use skeg_chart::Chart;
use skeg_cluster::{Discovery, Freshness};
use skeg_engine::{Capabilities, ClusterLookup, ReleaseOptions, Rendered};
use skeg_release::{Install, InstallOptions, Release};

use crate::context::Context;
use crate::error::CommandError;
use crate::releases::{
    Lookup, Session, has_definitions, of_cluster, operation_error, reachability, unreachable,
    warn_of_definitions,
};

/// A cluster that is asked and not changed.
pub(super) struct Server {
    session: Arc<Session>,
    discovery: Arc<Discovery>,
    pub(super) capabilities: Capabilities,
}

impl Server {
    /// Asks what it can do.
    pub(super) fn ask(chart: &Chart, context: &Context) -> Result<Self, CommandError> {
        let session = Session::open(context).map_err(|error| reachability(error, context))?;
        let cluster = session.cluster();
        let version = session.run(async { cluster.version().await.map_err(|error| unreachable(&error)) });
        let version = version.map_err(|error| reachability(error, context))?;
        if has_definitions(chart) {
            warn_of_definitions(context);
        }
        let discovery = session.run(async {
            cluster.discovery(Freshness::Checked).await.map_err(|error| {
                CommandError::user(format!("could not get apiVersions from Kubernetes: {error}"))
            })
        })?;
        Ok(Self {
            capabilities: of_cluster(&version, &discovery, context),
            session: Arc::new(session),
            discovery,
        })
    }

    /// The cluster for templates.
    pub(super) fn lookup(&self) -> Rc<dyn ClusterLookup> {
        Rc::new(Lookup::new(
            Arc::clone(&self.session),
            Arc::clone(&self.discovery),
        ))
    }

    /// Helm 4.3.1: what was rendered must be of kinds that the cluster has, and must not be somebody else's.
    pub(super) fn check(
        &self,
        rendered: &Rendered,
        of: &ReleaseOptions,
        include_crds: bool,
    ) -> Result<(), CommandError> {
        let mut release = Release::new(&of.name, &of.namespace, of.revision);
        release.manifest = String::from_utf8_lossy(&rendered.manifest(include_crds)).into_owned();
        let options = InstallOptions {
            dry_run: true,
            take_ownership: of.is_upgrade,
            ..InstallOptions::default()
        };
        let operator = self.session.operator();
        let install = Install::new(operator, &options);
        self.session.run(async {
            install
                .check(&release)
                .await
                .map_err(|error| operation_error(&error, ""))
        })
    }
}
