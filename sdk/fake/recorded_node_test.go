package fake_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// What the stand-in node of the recordings determined, which runs nothing, and nothing else, is left out of both sides: how a
// pod's status looks that its node writes, how often it writes it, the node's own events, and who made the Node.

// answeredByNode says whether a recorded answer is that of the node to a request that the API server passed on: log and exec of a
// pod on the stand-in node, which knows neither.
func answeredByNode(path string, status int) bool {
	path, _, _ = strings.Cut(path, "?")
	return status == http.StatusNotFound && (strings.HasSuffix(path, "/log") || strings.HasSuffix(path, "/exec"))
}

// withoutNode is an answer, or one object of it, without those parts.
func withoutNode(tree any) any {
	o, ok := tree.(object)
	if !ok {
		return tree
	}
	if items := o.list("items"); items != nil {
		kept := []any{}
		for _, item := range items {
			if !isNodeEvent(item.(object)) {
				kept = append(kept, withoutNode(item))
			}
		}
		return o.with("items", kept)
	}
	if rows := o.list("rows"); rows != nil {
		kept := []any{}
		for _, r := range rows {
			row := r.(object)
			kept = append(kept, row.with("object", withoutNode(row.get("object"))))
		}
		return o.with("rows", kept)
	}
	if isNode(o) {
		m := o.object("metadata")
		return o.with("metadata", m.without("annotations", "managedFields"))
	}
	if writtenByNode(o) {
		return podOfNode(o)
	}
	return o
}

// isNode tells a Node by the label that its kubelet gives it, since one in a table row has no kind of its own.
func isNode(o object) bool {
	return o.object("metadata").object("labels").text("kubernetes.io/hostname") != ""
}

func isNodeEvent(o object) bool {
	return o.text("reportingComponent") == "kubelet" || o.object("source").text("component") == "kubelet"
}

// statusWriter is the managed-fields entry of the node of a pod, or an empty one.
func statusWriter(o object) object {
	for _, entry := range o.object("metadata").list("managedFields") {
		e := entry.(object)
		if manager := e.text("manager"); e.text("subresource") == "status" && (manager == "kwok" || manager == "kubelet") {
			return e
		}
	}
	return object{}
}

func writtenByNode(o object) bool { return len(statusWriter(o)) > 0 }

// podOfNode is a pod with what every node says of it. The stand-in never says how a pod ends.
func podOfNode(o object) object {
	m := o.object("metadata")
	var entries []any
	for _, entry := range m.list("managedFields") {
		e := entry.(object)
		if e.text("subresource") == "status" && e.text("manager") == statusWriter(o).text("manager") {
			e = e.with("manager", "kubelet").without("fieldsV1")
		}
		entries = append(entries, e)
	}
	o = o.with("metadata", m.with("managedFields", entries))
	status := o.object("status")
	if m.get("deletionTimestamp") != nil {
		return o.with("status", status.without("observedGeneration", "phase", "conditions", "containerStatuses"))
	}
	var conditions, containers []any
	for _, c := range status.list("conditions") {
		if c.(object).text("type") != "PodReadyToStartContainers" {
			conditions = append(conditions, c.(object).without("observedGeneration"))
		}
	}
	slices.SortFunc(conditions, func(a, b any) int { return strings.Compare(a.(object).text("type"), b.(object).text("type")) })
	for _, c := range status.list("containerStatuses") {
		containers = append(containers, c.(object).without("imageID", "containerID", "started", "allocatedResources", "resources", "volumeMounts", "user"))
	}
	return o.with("status", status.without("observedGeneration").with("conditions", conditions).with("containerStatuses", containers))
}

// withoutNodeEvents leaves one of several events in a row that differ only in what a node says of its pod: the last, but the first
// once the pod is being deleted, which is the request's.
func withoutNodeEvents(events []any) []any {
	last := map[string]int{} // in kept, by pod
	var kept []any
	for _, e := range events {
		event := e.(object)
		o := event.object("object")
		name := o.object("metadata").text("name")
		at, known := last[name]
		if !known || !writtenByNode(o) || apartFromNode(event) != apartFromNode(kept[at].(object)) {
			last[name] = len(kept)
			kept = append(kept, e)
			continue
		}
		if o.object("metadata").get("deletionTimestamp") == nil {
			kept[at] = e
		}
	}
	return kept
}

// apartFromNode is all of an event that no node changes.
func apartFromNode(event object) string {
	o := event.object("object")
	return fmt.Sprint(event.text("type"), writtenByNode(o), o.without("status").with("metadata", o.object("metadata").without("resourceVersion", "managedFields")))
}
