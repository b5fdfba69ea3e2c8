package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig/v3"
	"sigs.k8s.io/yaml"
)

// maxDepth is how deep a template may include itself, per name, as Helm has it.
const maxDepth = 1000

// askTemplate renders a template with Sprig's functions and those of Helm's that need no cluster.
func askTemplate(r request) any {
	parsed := template.New("gotpl")
	parsed.Funcs(functions(parsed))
	parsed.Option("missingkey=zero")
	if _, err := parsed.New("main").Parse(r.plain("template")); err != nil {
		return failed(err)
	}
	var out strings.Builder
	if err := parsed.ExecuteTemplate(&out, "main", r.value("data")); err != nil {
		return failed(err)
	}
	return ok(text(out.String()))
}

func functions(parsed *template.Template) template.FuncMap {
	all := sprig.TxtFuncMap()
	delete(all, "env")
	delete(all, "expandenv")
	depths := map[string]int{}
	all["include"] = func(name string, data any) (string, error) {
		if depths[name]++; depths[name] > maxDepth {
			return "", fmt.Errorf("rendering template has a nested reference name: %s", name)
		}
		defer func() { depths[name]-- }()
		var out strings.Builder
		err := parsed.ExecuteTemplate(&out, name, data)
		return out.String(), err
	}
	all["toYaml"] = func(value any) string {
		printed, err := yaml.Marshal(value)
		if err != nil {
			return ""
		}
		return strings.TrimSuffix(string(printed), "\n")
	}
	all["fromYaml"] = func(source string) map[string]any {
		values := map[string]any{}
		if err := yaml.Unmarshal([]byte(source), &values); err != nil {
			values["Error"] = err.Error()
		}
		return values
	}
	all["toJson"] = func(value any) string {
		written, err := json.Marshal(value)
		if err != nil {
			return ""
		}
		return string(written)
	}
	return all
}
