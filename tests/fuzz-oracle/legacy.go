package main

import (
	"context"
	"encoding/json"

	"helm.sh/helm/v4/pkg/kube"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/cli-runtime/pkg/resource"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/kubernetes/scheme"
)

// askLegacy asks for what --wait=legacy says of an object, beside the objects that it owns.
func askLegacy(r request) any {
	var owned []json.RawMessage
	if err := json.Unmarshal(r["owned"], &owned); err != nil {
		panic(err)
	}
	objects := []runtime.Object{typedObject(r["object"])}
	for _, other := range owned {
		objects = append(objects, typedObject(other))
	}
	object := objects[0].(metav1.Object)
	checker := kube.NewReadyChecker(fake.NewClientset(objects...),
		kube.PausedAsReady(true), kube.CheckJobs(string(r["jobs"]) == "true"))
	ready, err := checker.IsReady(context.Background(), &resource.Info{
		Namespace: object.GetNamespace(), Name: object.GetName(), Object: objects[0],
	})
	if err != nil {
		return failed(err)
	}
	return ok(ready)
}

func typedObject(document []byte) runtime.Object {
	object, _, err := scheme.Codecs.UniversalDeserializer().Decode(document, nil, nil)
	if err != nil {
		panic(err)
	}
	return object
}
