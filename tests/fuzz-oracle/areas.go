package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"sort"

	"github.com/Masterminds/semver/v3"
	yamlv3 "go.yaml.in/yaml/v3"
	"helm.sh/helm/v4/pkg/strvals"
	"sigs.k8s.io/yaml"
)

func askFmt(r request) any {
	return ok(text(fmt.Sprintf(r.text("format"), r.value("args").([]any)...)))
}

func askSemver(r request) any {
	answers := map[string]any{}
	version, err := semver.NewVersion(r.plain("version"))
	if err != nil {
		answers["version"] = failed(err)
	} else {
		answers["version"] = ok(version.String())
	}
	if strict, err := semver.StrictNewVersion(r.plain("version")); err != nil {
		answers["strict"] = failed(err)
	} else {
		answers["strict"] = ok(strict.String())
	}
	constraint, err := semver.NewConstraint(r.plain("constraint"))
	if err != nil {
		answers["constraint"] = failed(err)
		return answers
	}
	answers["constraint"] = ok(constraint.String())
	if version != nil {
		answers["check"] = constraint.Check(version)
	}
	return answers
}

// byKey sorts places by the keys that stand there.
type byKey struct {
	keys   []int
	places []int
}

func (s byKey) Len() int           { return len(s.places) }
func (s byKey) Less(i, j int) bool { return s.keys[s.places[i]] < s.keys[s.places[j]] }
func (s byKey) Swap(i, j int)      { s.places[i], s.places[j] = s.places[j], s.places[i] }

func askSort(r request) any {
	var keys []int
	if err := json.Unmarshal(r["keys"], &keys); err != nil {
		panic(err)
	}
	places := make([]int, len(keys))
	for i := range places {
		places[i] = i
	}
	sort.Sort(byKey{keys, places})
	return map[string]any{"places": places}
}

func askRegexp(r request) any {
	expression, err := regexp.Compile(r.text("pattern"))
	if err != nil {
		return failed(err)
	}
	subject := r.text("text")
	found := []any{}
	for _, match := range expression.FindAllStringIndex(subject, -1) {
		found = append(found, match)
	}
	split := []any{}
	for _, part := range expression.Split(subject, -1) {
		split = append(split, text(part))
	}
	return ok(map[string]any{
		"found":    found,
		"split":    split,
		"replaced": text(expression.ReplaceAllString(subject, r.text("replacement"))),
		"literal":  text(expression.ReplaceAllLiteralString(subject, r.text("replacement"))),
	})
}

// askStrvals asks for all that --set and its kin do to the same values.
func askStrvals(r request) any {
	parsers := map[string]func(string, map[string]any) error{
		"set":         strvals.ParseInto,
		"set-string":  strvals.ParseIntoString,
		"set-json":    strvals.ParseJSON,
		"set-literal": strvals.ParseLiteralInto,
	}
	values := map[string]any{}
	if err := yaml.Unmarshal([]byte(r.plain("values")), &values); err != nil {
		return failed(err)
	}
	if err := parsers[r.plain("flag")](r.plain("argument"), values); err != nil {
		return failed(err)
	}
	// Types matter: --set makes an int64 of what values.yaml makes a float64.
	return ok(fmt.Sprintf("%#v", values))
}

func askYAMLRead(r request) any {
	source := []byte(r.text("text"))
	answers := map[string]any{}
	for name, read := range map[string]func([]byte) ([]byte, error){
		"loose": yaml.YAMLToJSON, "strict": yaml.YAMLToJSONStrict,
	} {
		if decoded, err := read(source); err != nil {
			answers[name] = failed(err)
		} else {
			answers[name] = ok(canonical(decoded))
		}
	}
	return answers
}

// canonical writes JSON anew: Go 1.27 has other texts for numbers than the YAML library at times.
func canonical(document []byte) string {
	var value any
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		return "not JSON: " + err.Error()
	}
	written, err := json.Marshal(value)
	if err != nil {
		return "not JSON: " + err.Error()
	}
	return string(written)
}

func askYAMLPrint(r request) any {
	printed, err := yaml.Marshal(r.value("value"))
	if err != nil {
		return failed(err)
	}
	return ok(text(string(printed)))
}

func askYAMLPretty(r request) any {
	var printed bytes.Buffer
	encoder := yamlv3.NewEncoder(&printed)
	encoder.SetIndent(2)
	if err := encoder.Encode(r.value("value")); err != nil {
		return failed(err)
	}
	return ok(text(printed.String()))
}
