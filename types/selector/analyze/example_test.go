package analyze_test

import (
	"fmt"

	"github.com/podwright/podwright/types/selector"
	"github.com/podwright/podwright/types/selector/analyze"
)

func ExampleOverlaps() {
	web := selector.MustParse("app=web")
	canary := selector.MustParse("app=web,track=canary")
	api := selector.MustParse("app=api")
	fmt.Println(analyze.Overlaps(web, canary), analyze.Overlaps(web, api))
	// Output: true false
}

func ExampleWitness() {
	web, canary := selector.MustParse("app=web,!legacy"), selector.MustParse("track in (canary,beta)")
	if pod, ok := analyze.Witness(web, canary); ok {
		fmt.Println("both select", pod)
	}
	// Output: both select map[app:web track:beta]
}

func ExampleImplies() {
	template := selector.FromSet(map[string]string{"app": "web", "env": "prod"})
	fmt.Println(analyze.Implies(template, selector.MustParse("env in (prod,qa),!canary")))
	fmt.Println(analyze.Implies(template, selector.MustParse("env in (prod,qa),app!=api")))
	// Output:
	// false
	// true
}

func ExampleSimplify() {
	fmt.Println(analyze.Simplify(selector.MustParse("app,app in (web),env!=qa,env!=dev,env!=qa")))
	fmt.Println(analyze.Simplify(selector.MustParse("tier=web,tier=api")).IsNothing())
	// Output:
	// app=web,env notin (dev,qa)
	// true
}

func ExampleIntersect() {
	fmt.Println(analyze.Intersect(selector.MustParse("env in (dev,qa,prod)"), selector.MustParse("env!=dev,app")))
	// Output: app,env in (prod,qa)
}

func ExampleVocabulary() {
	words := analyze.Vocabulary(map[string][]string{"env": {"dev", "qa", "prod"}})
	s := selector.MustParse("env,env notin (dev,qa)")
	fmt.Println(analyze.Simplify(s, words))
	fmt.Println(analyze.Satisfiable(selector.MustParse("env=production"), words))
	// Output:
	// env=prod
	// false
}

func ExampleContradiction() {
	for _, r := range analyze.Contradiction(selector.MustParse("app=web,shard>5,shard!=7,shard<3")) {
		fmt.Println(r)
	}
	// Output:
	// shard>5
	// shard<3
}

func ExampleExplain() {
	s := selector.MustParse("app=web,env in (prod,qa),!canary")
	fmt.Println(analyze.Explain(s, map[string]string{"apps": "web", "env": "prd"}))
	fmt.Println(analyze.Explain(s, map[string]string{"app": "web", "env": "prod"}))
	// Output:
	// app=web: the label is missing; there is "apps" = "web", did you mean that?
	// env in (prod,qa): the value is "prd"; did you mean "prod"?
	// selected: all 3 requirements are met
}
