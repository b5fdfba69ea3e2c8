//! Where values come from: files and single settings.

use skeg_values::UserValues;

use super::go_values::split_list;

/// Where values come from besides the chart; later ones win, and of the kinds `--set-literal` wins over `--set-file`,
/// that over `--set-string`, `--set`, `--set-json` and the files.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct ValuesArgs {
    /// Take the values of this YAML file; `-` is standard input, `https://…` and `oci://…` are fetched
    #[arg(long = "values", short = 'f', value_name = "FILE", allow_hyphen_values = true, value_parser = split_list)]
    files: Vec<Vec<String>>,

    /// Set values: `image.tag=1.2,ports[0]=80,list={a,b}`
    #[arg(long, value_name = "KEY=VALUE", allow_hyphen_values = true)]
    set: Vec<String>,

    /// Set values that are text whatever they look like
    #[arg(long, value_name = "KEY=TEXT", allow_hyphen_values = true)]
    set_string: Vec<String>,

    /// Set values to what is in files
    #[arg(long, value_name = "KEY=FILE", allow_hyphen_values = true)]
    set_file: Vec<String>,

    /// Set values that are written as JSON: `ports=[80,443]`, or whole objects: `{"ports": [80]}`
    #[arg(long, value_name = "KEY=JSON", allow_hyphen_values = true)]
    set_json: Vec<String>,

    /// Set one value to a text in which no character is special
    #[arg(long, value_name = "KEY=TEXT", allow_hyphen_values = true)]
    set_literal: Vec<String>,
}

impl ValuesArgs {
    /// What is asked for, in the form that can be merged.
    pub(crate) fn to_user_values(&self) -> UserValues {
        UserValues {
            files: self.files.concat(),
            json: self.set_json.clone(),
            typed: self.set.clone(),
            strings: self.set_string.clone(),
            file_values: self.set_file.clone(),
            literals: self.set_literal.clone(),
        }
    }

    /// Whether nothing is asked for.
    pub(crate) fn is_empty(&self) -> bool {
        self.to_user_values() == UserValues::default()
    }
}
