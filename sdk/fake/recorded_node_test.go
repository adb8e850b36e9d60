package fake_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// leavings are what is left out of both sides of a comparison, by the name of its row in package divergence. All but the first are
// what the stand-in node of the recordings determined, which runs nothing.
var leavings = []struct {
	row string
	of  func(tree any) any
}{
	{"table column descriptions", withoutColumnDescriptions},
	{"the names, notes and writer of a Node", func(tree any) any { return eachObject(tree, withoutNodeNotes) }},
	{"what a pod's status says of its containers", func(tree any) any { return eachObject(tree, podOfNode) }},
	{"events of a node", withoutNodeEvents},
}

// Two more are left out of other things than one answer.
const (
	rowNodeWrites  = "how often a node writes a pod's status"
	rowNodeAnswers = "log and exec of a pod on the recorded node"
)

// answeredByNode says whether a recorded answer is that of the node to a request that the API server passed on: log and exec of a
// pod on the stand-in node, which knows neither.
func answeredByNode(path string, status int) bool {
	path, _, _ = strings.Cut(path, "?")
	return status == http.StatusNotFound && (strings.HasSuffix(path, "/log") || strings.HasSuffix(path, "/exec"))
}

// leave is a tree without what is left out, but for one row.
func leave(tree any, but string) any {
	for _, l := range leavings {
		if l.row != but {
			tree = l.of(tree)
		}
	}
	return tree
}

// eachObject calls f on an object, on those of a list, or on those in the rows of a table.
func eachObject(tree any, f func(object) object) any {
	o, ok := tree.(object)
	if !ok {
		return tree
	}
	if items := o.list("items"); items != nil {
		changed := make([]any, len(items))
		for i, item := range items {
			changed[i] = eachObject(item, f)
		}
		return o.with("items", changed)
	}
	if rows := o.list("rows"); rows != nil {
		changed := make([]any, len(rows))
		for i, r := range rows {
			row := r.(object)
			changed[i] = row.with("object", eachObject(row.get("object"), f))
		}
		return o.with("rows", changed)
	}
	return f(o)
}

func withoutColumnDescriptions(tree any) any {
	o, ok := tree.(object)
	if !ok || o.list("columnDefinitions") == nil {
		return tree
	}
	var columns []any
	for _, c := range o.list("columnDefinitions") {
		columns = append(columns, c.(object).without("description"))
	}
	return o.with("columnDefinitions", columns)
}

// withoutNodeEvents drops the events of a node from a list.
func withoutNodeEvents(tree any) any {
	o, ok := tree.(object)
	if !ok || o.list("items") == nil {
		return tree
	}
	kept := []any{}
	for _, item := range o.list("items") {
		if !isNodeEvent(item.(object)) {
			kept = append(kept, item)
		}
	}
	return o.with("items", kept)
}

func withoutNodeNotes(o object) object {
	if !isNode(o) {
		return o
	}
	return o.with("metadata", o.object("metadata").without("annotations", "managedFields"))
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
	if !writtenByNode(o) {
		return o
	}
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

// withoutNodeWrites leaves one of several events in a row that differ only in what a node says of its pod: the last, but the first
// once the pod is being deleted, which is the request's.
func withoutNodeWrites(events []any) []any {
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
