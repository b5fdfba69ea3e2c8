//! The section of the page.

use std::fmt::Write as _;

use super::runner::Tally;

/// What the figures are of.
pub(super) struct Setting {
    pub(super) skeg: String,
    pub(super) registry: String,
    pub(super) kills: usize,
    pub(super) seed: u64,
}

/// The table and what has to be said about it.
pub(super) fn render(tallies: &[Tally], setting: &Setting) -> String {
    let mut page = String::from(
        "## Killed at any moment\n\n\
         SIGKILL at moments that are spread evenly, and by a seed, from the start of each work to a little after its usual \
         end, over a line made slow enough to be met in the middle. After every kill the registry is asked, and every file is \
         looked at, without any code of skeg's: **torn** is what is neither the old nor the new state, **lost** is what was \
         there before and is not. Then the same command runs again.\n\n\
         | Work | One run | Kills | Inside the work | Left temporary files | Of them after the next run | Torn | Lost | \
         Next run completed |\n|---|---|---|---|---|---|---|---|---|\n",
    );
    for tally in tallies {
        let _infallible = writeln!(page, "{}", row(tally));
    }
    let total = |count: fn(&Tally) -> usize| tallies.iter().map(count).sum::<usize>();
    let _infallible = writeln!(
        page,
        "| **All** | | {} | {} | {} | {} | {} | {} | {} |\n",
        total(|tally| tally.kills),
        total(|tally| tally.inside),
        total(|tally| tally.left),
        total(|tally| tally.kept),
        total(|tally| tally.torn),
        total(|tally| tally.lost),
        total(|tally| tally.completed),
    );
    for remark in tallies.iter().filter_map(|tally| tally.remark.as_deref()) {
        let _infallible = writeln!(page, "{remark}\n");
    }
    let _infallible = writeln!(
        page,
        "{}, {}. Again with `cargo xtask reliability kill --kills {} --seed {}`; the moments are the same, what they meet \
         depends on the machine.",
        setting.skeg, setting.registry, setting.kills, setting.seed
    );
    page
}

fn row(tally: &Tally) -> String {
    format!(
        "| {} | {} ms | {} | {} | {} | {} | {} | {} | {} |",
        tally.title,
        tally.whole.as_millis(),
        tally.kills,
        tally.inside,
        tally.left,
        tally.kept,
        tally.torn,
        tally.lost,
        tally.completed
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_is_in_the_table() {
        let tally = |title| Tally {
            title,
            kills: 10,
            inside: 9,
            left: 8,
            torn: 1,
            completed: 10,
            ..Tally::default()
        };
        let setting = Setting {
            skeg: "skeg 1".to_owned(),
            registry: "registry 2".to_owned(),
            kills: 20,
            seed: 5,
        };
        let page = render(&[tally("push"), tally("pull")], &setting);
        assert!(
            page.contains("| push | 0 ms | 10 | 9 | 8 | 0 | 1 | 0 | 10 |\n"),
            "{page}"
        );
        assert!(
            page.contains("| **All** | | 20 | 18 | 16 | 0 | 2 | 0 | 20 |\n"),
            "{page}"
        );
        assert!(page.contains("skeg 1, registry 2.") && page.contains("--kills 20 --seed 5"));
    }
}
