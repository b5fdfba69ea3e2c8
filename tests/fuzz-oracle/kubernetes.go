package main

import (
	jsonpatch "github.com/evanphx/json-patch/v5"
	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	extensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	kubejson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/jsonmergepatch"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/util/csaupgrade"
)

// native is what Helm knows the Go types of.
var native = func() *runtime.Scheme {
	native := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{scheme.AddToScheme, extensionsv1.AddToScheme} {
		if err := add(native); err != nil {
			panic(err)
		}
	}
	return native
}()

func (r request) object(name string) *unstructured.Unstructured {
	object := &unstructured.Unstructured{}
	if err := kubejson.Unmarshal(r[name], &object.Object); err != nil {
		panic(name + ": " + err.Error())
	}
	return object
}

// askKstatus asks for the status of an object.
func askKstatus(r request) any {
	result, err := status.Compute(r.object("object"))
	if err != nil {
		return map[string]any{"error": "refused"}
	}
	return ok(map[string]any{"status": result.Status, "message": result.Message})
}

// askStrategic asks for a three-way strategic merge patch.
func askStrategic(r request) any {
	object := r.object("modified")
	typed, err := native.New(object.GroupVersionKind())
	if err != nil {
		return map[string]any{"error": "refused"}
	}
	meta, err := strategicpatch.NewPatchMetaFromStruct(typed)
	if err != nil {
		return map[string]any{"error": "refused"}
	}
	patch, err := strategicpatch.CreateThreeWayMergePatch(r["original"], r["modified"], r["current"], meta, true)
	if err != nil {
		return map[string]any{"error": "refused"}
	}
	return ok(string(patch))
}

// askMergePatch asks for JSON merge patches, of two and of three documents, and for what the first leads to.
func askMergePatch(r request) any {
	answers := map[string]any{}
	two, err := jsonpatch.CreateMergePatch(r["original"], r["modified"])
	if err != nil {
		answers["two"] = map[string]any{"error": "refused"}
	} else {
		answers["two"] = ok(canonical(two))
	}
	if three, err := jsonmergepatch.CreateThreeWayJSONMergePatch(r["original"], r["modified"], r["current"]); err != nil {
		answers["three"] = map[string]any{"error": "refused"}
	} else {
		answers["three"] = ok(canonical(three))
	}
	if applied, err := jsonpatch.MergePatch(r["current"], r["modified"]); err != nil {
		answers["applied"] = map[string]any{"error": "refused"}
	} else {
		answers["applied"] = ok(canonical(applied))
	}
	return answers
}

// askManagedFields asks for the patch that makes client-side fields server-side ones.
func askManagedFields(r request) any {
	patch, err := csaupgrade.UpgradeManagedFieldsPatch(r.object("object"), sets.New("helm"), "helm")
	if err != nil {
		return map[string]any{"error": "refused"}
	}
	return ok(string(patch))
}
