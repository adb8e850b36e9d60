package apiserver

import (
	"bytes"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// jsonItem is an object without its opening brace and, if it has a Go type, without kind and version, which stand first. A list of
// partial metadata keeps them, as every list of unstructured objects does.
func jsonItem(whole []byte, obj runtime.Object) []byte {
	item, ok := bytes.CutSuffix(whole, []byte("\n"))
	if !ok || len(item) == 0 {
		return nil
	}
	if keepsKind(obj) {
		return item[1:]
	}
	gvk := obj.GetObjectKind().GroupVersionKind()
	item, ok = bytes.CutPrefix(item, []byte(`{"kind":"`+gvk.Kind+`","apiVersion":"`+gvk.GroupVersion().String()+`",`))
	if !ok {
		return nil
	}
	return item
}

// keepsKind says whether an object bears its kind in a list, too.
func keepsKind(obj runtime.Object) bool {
	switch obj.(type) {
	case runtime.Unstructured, *metav1.PartialObjectMetadata:
		return true
	}
	return false
}

// jsonFrame is a line with the event: what the encoder makes of a WatchEvent.
func jsonFrame(to []byte, kind string, whole []byte) []byte {
	to = append(to, `{"type":"`...)
	to = append(to, kind...)
	to = append(to, `","object":`...)
	to = append(to, bytes.TrimSuffix(whole, []byte("\n"))...)
	return append(to, "}\n"...)
}

// jsonList cuts the empty list, as it is encoded, where the items belong. No string in it can look like that place, since the quotes of
// strings in strings are escaped.
func jsonList(f *format, empty runtime.Object, _ *metav1.ListMeta, _ [][]byte) (around, bool) {
	b, err := f.encode(empty, false)
	at := bytes.Index(b, []byte(`"items":[]`))
	if err != nil || at < 0 {
		return around{}, false
	}
	at += len(`"items":[`)
	return around{head: b[:at], tail: b[at:], lead: jsonLead}, true
}

// jsonLead is what comes before an item.
func jsonLead(to []byte, first bool, _ []byte) []byte {
	if first {
		return append(to, '{')
	}
	return append(to, ",{"...)
}
