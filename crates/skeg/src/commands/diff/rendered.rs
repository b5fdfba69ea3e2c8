//! Two charts rendered alike: with the same values, at the same time, and with the same random bytes, so that what differs
//! differs because of the charts.

use std::rc::Rc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use skeg_chart::Chart;
use skeg_engine::{
    Capabilities, KubeVersion, ReleaseOptions, RenderInput, RenderOptions, Rendered, Surroundings,
    on_render_stack, render, write_manifest,
};
use skeg_go::GoMap;
use skeg_oci::RegistryHost;

use super::DiffArgs;
use super::files::Files;
use crate::context::Context;
use crate::error::CommandError;
use crate::remote::{SchemaFiles, UrlFetcher};
use crate::surroundings;
use crate::values_source;
use crate::work::let_signals_end;

/// The manifests of both charts by the paths of their templates. `host` is the registry that they are in.
pub(super) fn of_charts(
    charts: [(&str, &Chart); 2],
    args: &DiffArgs,
    host: Option<&RegistryHost>,
    context: &Context,
) -> Result<[Files; 2], CommandError> {
    let rendering = Rendering {
        args,
        context,
        capabilities: capabilities(args)?,
    };
    on_render_stack(|| {
        // Standard input can be read once.
        let takes_input = args.values.to_user_values().files.iter().any(|file| file == "-");
        let merge = || values_source::merge(&args.values, &args.selection.access, host, context);
        let values = merge()?;
        let others = if takes_input { values.clone() } else { merge()? };
        let [(from_name, from), (to_name, to)] = charts;
        let_signals_end();
        Ok([
            rendering.of_chart(from_name, from, values)?,
            rendering.of_chart(to_name, to, others)?,
        ])
    })
}

/// What is the same for both charts.
struct Rendering<'command> {
    args: &'command DiffArgs,
    context: &'command Context,
    capabilities: Capabilities,
}

impl Rendering<'_> {
    fn of_chart(&self, name: &str, chart: &Chart, values: GoMap) -> Result<Files, CommandError> {
        let fetcher = UrlFetcher::new(&self.args.selection.access, self.context);
        let schemas = Rc::new(SchemaFiles::new(fetcher));
        RANDOM.store(1, Ordering::SeqCst);
        let input = RenderInput {
            chart,
            defaults: None,
            values,
            release: ReleaseOptions {
                name: self.args.release.clone(),
                namespace: self.context.namespace(),
                revision: 1,
                is_install: true,
                is_upgrade: false,
            },
            capabilities: self.capabilities.clone(),
            options: RenderOptions {
                schema_source: Some(Rc::clone(&schemas) as _),
                ..RenderOptions::default()
            },
            lookup: None,
            surroundings: Surroundings {
                now: standing_clock,
                fill_random: repeat_random,
                ..surroundings::of_machine(self.context.environment())
            },
        };
        let rendered = render(&input);
        schemas.check_signal()?;
        let rendered =
            rendered.map_err(|error| CommandError::user(format!("cannot render {name}: {error}")))?;
        Ok(files(&rendered, self.args.include_crds))
    }
}

fn files(rendered: &Rendered, include_crds: bool) -> Files {
    let crds = rendered.crds.iter().filter(|_| include_crds);
    let crds = crds.map(|crd| (&crd.path, crd.content.as_slice()));
    let manifests = rendered.manifests.iter();
    let manifests = manifests.map(|manifest| (&manifest.name, manifest.content.as_slice()));
    let hooks = rendered.hooks.iter();
    let hooks = hooks.map(|hook| (&hook.path, hook.manifest.as_slice()));
    let mut files = Files::new();
    for (path, content) in crds.chain(manifests).chain(hooks) {
        write_manifest(files.entry(path.clone()).or_default(), path, content);
    }
    files
}

fn capabilities(args: &DiffArgs) -> Result<Capabilities, CommandError> {
    let mut capabilities = Capabilities::default().with_api_versions(args.api_versions.concat());
    if let Some(text) = &args.kube_version {
        capabilities.kube_version = KubeVersion::parse(text)
            .map_err(|error| CommandError::user(format!("invalid kube version '{text}': {error}")))?;
    }
    Ok(capabilities)
}

/// The time of the first call.
fn standing_clock() -> i128 {
    static NOW: OnceLock<i128> = OnceLock::new();
    *NOW.get_or_init(surroundings::now)
}

/// Where in the sequence of bytes the next come from.
static RANDOM: AtomicU64 = AtomicU64::new(1);

/// Bytes that only look random, the same ones for each chart. What is printed is for comparing, and not for use.
fn repeat_random(buffer: &mut [u8]) {
    for byte in buffer {
        let mut state = RANDOM
            .fetch_add(1, Ordering::SeqCst)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15);
        state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        *byte = (state ^ (state >> 31)).to_le_bytes()[0];
    }
}
