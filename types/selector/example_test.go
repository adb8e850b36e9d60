package selector_test

import (
	"errors"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/podwright/podwright/types/selector"
)

func Example() {
	pods := []corev1.Pod{
		{ObjectMeta: metav1.ObjectMeta{Name: "one", Labels: map[string]string{"app": "web", "env": "prod"}}},
		{ObjectMeta: metav1.ObjectMeta{Name: "two", Labels: map[string]string{"app": "web", "env": "qa", "canary": ""}}},
	}
	sel, err := selector.Parse("app=web,env in (prod, qa),!canary")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, pod := range pods {
		if sel.Matches(pod.Labels) {
			fmt.Println(pod.Name)
		}
	}
	// Output: one
}

func ExampleNew() {
	sel, err := selector.New(selector.Eq("app", "web"), selector.Missing("canary"), selector.Gt("replicas", 2))
	fmt.Println(sel, err)
	_, err = selector.New(selector.In("app"))
	fmt.Println(err)
	// Output:
	// app=web,!canary,replicas>2 <nil>
	// values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty
}

func ExampleParseStrict() {
	_, err := selector.ParseStrict("app=web,replicas >= 3")
	fmt.Println(err)
	var syntax *selector.SyntaxError
	if errors.As(err, &syntax) {
		fmt.Println(syntax.Caret())
	}
	// Output:
	// parse selector "app=web,replicas >= 3": byte 18: found "=" where a whole number belongs: there is no >=: write replicas>2
	// app=web,replicas >= 3
	//                   ^
}

// What an empty selector means depends on who asks, so what it may mean has three names.
func ExampleNothing() {
	for _, sel := range []selector.Selector{{}, selector.All(), selector.Nothing()} {
		text, err := sel.Query()
		fmt.Printf("%t %t %q %v\n", sel.Matches(nil), sel.IsAll(), text, err)
	}
	// Output:
	// true false "" <nil>
	// true true "" <nil>
	// false false "" the selector has no text that means the same: it selects nothing, so do not ask the server
}

// Labels that nobody validated are no way to smuggle requirements in.
func ExampleSelector_Query() {
	sel := selector.FromSet(map[string]string{"app": "web,env=prod"})
	_, err := sel.Query()
	fmt.Println(err != nil)
	_, err = selector.FromValidSet(map[string]string{"app": "-web"})
	fmt.Println(err != nil)
	// Output:
	// true
	// true
}

func ExampleParser() {
	var p selector.Parser
	for _, text := range []string{"app=web", "app=db,!canary"} {
		sel, err := p.Parse(text) // good until the next call
		fmt.Println(sel.Matches(map[string]string{"app": "db"}), err)
	}
	// Output:
	// false <nil>
	// true <nil>
}

func ExampleParseFields() {
	kind := corev1.SchemeGroupVersion.WithKind("Pod")
	sel, err := selector.ParseFields(kind, "status.phase=Running,spec.nodeName!=")
	if err != nil {
		fmt.Println(err)
		return
	}
	pod := &corev1.Pod{Spec: corev1.PodSpec{NodeName: "node-1"}, Status: corev1.PodStatus{Phase: corev1.PodRunning}}
	fmt.Println(sel.Matches(pod))
	_, err = selector.ParseFields(kind, "spec.replicas=1")
	fmt.Println(err)
	// Output:
	// true
	// field label not supported: spec.replicas
}
