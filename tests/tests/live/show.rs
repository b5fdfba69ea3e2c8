//! `show`: the same text as helm's for every chart, wherever the chart is.

use crate::scene::Scene;

const WHAT: [&str; 5] = ["chart", "values", "readme", "crds", "all"];

#[test]
fn shows_what_helm_shows() {
    let scene = Scene::new("show");
    let Some(helm) = scene.peer("helm") else { return };
    for chart in skeg_tests::chart_names() {
        let archive = scene.package(&helm, &chart);
        let _pushed = scene.run(&helm, &["push", &archive, &scene.remote()]).success();
        let directory = skeg_tests::chart(&chart).display().to_string();
        for what in WHAT {
            for place in [&directory, &archive, &scene.reference(&chart)] {
                // Charts of a pre-release version are found only when they are asked for.
                let arguments = ["show", what, place, "--devel"];
                let by_helm = scene.run(&helm, &arguments).success();
                let by_skeg = scene.run(&scene.skeg, &arguments).success();
                assert_eq!(by_helm.stdout(), by_skeg.stdout(), "{what} of {place}");
            }
        }
    }
}

#[test]
fn shows_one_value() {
    let scene = Scene::new("show-jsonpath");
    let Some(helm) = scene.peer("helm") else { return };
    let directory = skeg_tests::chart("documented").display().to_string();
    for path in ["{.replicas}", "{.image.repository}", "{.list}", "{.nothing}"] {
        let arguments = ["show", "values", &directory, "--jsonpath", path];
        let by_helm = scene.run(&helm, &arguments).success();
        let by_skeg = scene.run(&scene.skeg, &arguments).success();
        assert_eq!(by_helm.stdout(), by_skeg.stdout(), "{path}");
    }
}
