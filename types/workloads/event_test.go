package workloads_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/podwright/podwright/types"
	"github.com/podwright/podwright/types/selector"
)

// burnt is the smallest valid event.
const burnt = named + `eventTime: "2026-01-02T03:04:05.000000Z"
reportingController: example.com/baker
reportingInstance: baker-1
action: Bake
reason: Burnt
note: black
regarding: {kind: Pod, namespace: b, name: web}
type: Warning
`

// without is that event without some fields.
func without(fields ...string) string {
	var kept strings.Builder
	for line := range strings.Lines(burnt) {
		if name, _, _ := strings.Cut(line, ":"); !slices.Contains(fields, name) {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

func TestEventErrors(t *testing.T) {
	const invalid = `: Invalid value: "": `
	refuses[eventsv1.Event](t, []made{
		{"all that it needs", burnt, nil},
		{"it says when; without, it stands where its object is", without("eventTime", "regarding") + "regarding: {namespace: c}\n", []string{
			`involvedObject.namespace: Invalid value: "c": does not match event.namespace`, "eventTime: Required value"}},
		{"it says who, by the name of this version", without("reportingController") + "reportingController: a b\n", []string{
			`reportingController: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an ` +
				`alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`}},
		{"it is of two types", without("type") + "type: Odd\n", []string{"type" + invalid + "has invalid value: Odd"}},
		{"its note is short", without("note") + "note: " + strings.Repeat("a", 1025) + "\n", []string{"message" + invalid + "can have at most 1024 characters"}},
		{"a series is of two and says when", burnt + "series: {count: 1}\n", []string{
			"series.count" + invalid + "should be at least 2", "series.lastObservedTime: Required value"}},
		{"its name is one", strings.Replace(burnt, "name: a", "name: A_b", 1), []string{
			`metadata.name: Invalid value: "A_b": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end ` +
				`with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`}},
		{"what is deprecated is for the core group", burnt + `deprecatedCount: 1
deprecatedFirstTimestamp: "2026-01-02T03:04:05Z"
deprecatedLastTimestamp: "2026-01-02T03:04:05Z"
deprecatedSource: {host: a}
`, []string{
			"firstTimestamp" + invalid + "needs to be unset", "lastTimestamp" + invalid + "needs to be unset",
			"count" + invalid + "needs to be unset", "source" + invalid + "needs to be unset"}},
	})
}

func TestEventUpdateErrors(t *testing.T) {
	const frozen = ": field is immutable"
	series := burnt + "series: {count: 2, lastObservedTime: \"2026-01-02T03:04:05.000000Z\"}\n"
	refusesChange[eventsv1.Event](t, []changed{
		{"a series goes on", series, "count: 2", "count: 3", nil},
		{"as a series", series, "count: 2", "count: 1", []string{`series.count: Invalid value: "": should be at least 2`}},
		{"what it is about stays", burnt, "name: web", "name: other", []string{
			`involvedObject: Invalid value: {"Kind":"Pod","Namespace":"b","Name":"other","UID":"","APIVersion":"","ResourceVersion":"","FieldPath":""}` + frozen}},
		{"and what happened", burnt, "reason: Burnt\nnote: black", "reason: Bad\nnote: white", []string{
			`reason: Invalid value: "Bad"` + frozen, `message: Invalid value: "white"` + frozen}},
		{"and when", burnt, "05.000000Z", "05.000001Z", []string{`eventTime: Invalid value: "2026-01-02T03:04:05.000001Z"` + frozen}},
		{"and who said so", burnt, "reportingInstance: baker-1", "reportingInstance: baker-2", []string{`reportingInstance: Invalid value: "baker-2"` + frozen}},
		{"and what else was in it", burnt, "action: Bake", "action: Bake\nrelated: {name: oven}", []string{
			`related: Invalid value: {"Kind":"","Namespace":"","Name":"oven","UID":"","APIVersion":"","ResourceVersion":"","FieldPath":""}` + frozen}},
	})
}

// A client that has a finer time than the wire does not change it.
func TestEventTimesAreMicroseconds(t *testing.T) {
	old := decoded[eventsv1.Event](t, burnt)
	e := old.DeepCopy()
	e.EventTime.Time = e.EventTime.Add(999 * time.Nanosecond)
	equal(t, nil, lines(types.UpdateErrors(e, old)))
}

// A selector for events of this version also selects among events as servers keep them.
func TestFieldsOfEvents(t *testing.T) {
	about := corev1.ObjectReference{Kind: "Pod", Namespace: "b", Name: "web", UID: "u", APIVersion: "v1", ResourceVersion: "7", FieldPath: "spec"}
	meta := metav1.ObjectMeta{Name: "a", Namespace: "b"}
	newer := &eventsv1.Event{ObjectMeta: meta, Regarding: about, Reason: "Burnt", ReportingController: "baker", Type: "Warning"}
	older := &corev1.Event{ObjectMeta: meta, InvolvedObject: about, Reason: "Burnt", ReportingController: "baker", Type: "Warning"}
	kind := eventsv1.SchemeGroupVersion.WithKind("Event")
	for _, term := range []string{
		"metadata.name=a", "metadata.namespace=b", "regarding.kind=Pod", "regarding.namespace=b", "regarding.name=web", "regarding.uid=u", "regarding.apiVersion=v1",
		"regarding.resourceVersion=7", "regarding.fieldPath=spec", "reason=Burnt", "reportingController=baker", "type=Warning",
	} {
		for _, obj := range []metav1.Object{newer, older} {
			s, err := selector.ParseFields(kind, term)
			if err != nil {
				t.Fatal(err)
			}
			other, err := selector.ParseFields(kind, strings.Replace(term, "=", "!=", 1))
			if err != nil {
				t.Fatal(err)
			}
			if !s.Matches(obj) || other.Matches(obj) {
				t.Errorf("%s: does not select a %T by its value", term, obj)
			}
		}
	}
	_, err := selector.ParseFields(kind, "involvedObject.name=web")
	if err == nil || err.Error() != "field label not supported: involvedObject.name" {
		t.Errorf("by a name of the core group: %v", err)
	}
}
