package index_test

import (
	"fmt"
	"slices"

	"github.com/podwright/podwright/types/selector"
	"github.com/podwright/podwright/types/selector/index"
)

func Example() {
	pods := index.New[string, string]()
	pods.Set("web-1", "shop", map[string]string{"app": "web", "env": "prod"}, "the first")
	pods.Set("web-2", "shop", map[string]string{"app": "web", "env": "qa"}, "the second")
	pods.Set("db-1", "office", map[string]string{"app": "db", "env": "prod"}, "the third")

	fmt.Println(pods.List(selector.MustParse("app=web,env!=qa"), nil))
	fmt.Println(pods.Count(selector.MustParse("env=prod")), pods.CountIn("shop", selector.All()))
	for value, n := range pods.Values("app") {
		fmt.Println(value, n)
	}
	// Output:
	// [the first]
	// 2 2
	// db 1
	// web 2
}

func ExampleIndex_Live() {
	pods := index.New[string, int]()
	pods.Set("web-1", "", map[string]string{"app": "web"}, 1)

	ready := pods.Live(selector.MustParse("app=web,ready"))
	defer ready.Close()
	ready.Notify(
		func(key string, _ int) { fmt.Println("ready:", key, ready.Len()) },
		func(key string, _ int) { fmt.Println("gone:", key, ready.Len()) },
	)
	pods.Set("web-1", "", map[string]string{"app": "web", "ready": ""}, 1)
	pods.Set("web-2", "", map[string]string{"app": "web", "ready": ""}, 2)
	pods.Delete("web-1")
	// Output:
	// ready: web-1 1
	// ready: web-2 2
	// gone: web-1 1
}

func ExampleIndex_Plan() {
	pods := index.New[int, int]()
	for i := range 1000 {
		pods.Set(i, "", map[string]string{"env": "prod", "name": fmt.Sprint("web-", i)}, i)
	}
	fmt.Println(pods.Plan(selector.MustParse("env=prod,name in (web-1,web-2),!canary")))
	// Output:
	// !canary,env=prod,name in (web-1,web-2): each candidate, 2 of 1000 sets, driven by name in (web-1,web-2)
	//   has 2: name in (web-1,web-2)
	//   has 1000: env=prod
}

func ExampleSelectors() {
	services := index.NewSelectors[string]()
	services.Set("web", "shop", selector.MustParse("app=web"))
	services.Set("everything", "shop", selector.All())
	services.Set("db", "shop", selector.MustParse("app=db"))

	fmt.Println(services.Match("shop", map[string]string{"app": "web"}, nil))
	for a, b := range services.Conflicts() {
		fmt.Println(a, "and", b)
	}
	// Output:
	// [web everything]
	// web and everything
	// everything and db
}

func ExampleJoin() {
	j := index.NewJoin(
		func(pod string, _ int, service string) { fmt.Println(service, "selects", pod) },
		func(pod string, _ int, service string) { fmt.Println(service, "selects", pod, "no more") },
	)
	j.SetSelector("web", "shop", selector.MustParse("app=web"))
	j.Set("web-1", "shop", map[string]string{"app": "web"}, 1)
	j.Set("web-2", "office", map[string]string{"app": "web"}, 2)
	j.SetSelector("web", "", selector.MustParse("app=web"))
	j.Delete("web-1")
	fmt.Println(j.SelectorsOf("web-2", nil), j.CountOf("web"))
	// Output:
	// web selects web-1
	// web selects web-2
	// web selects web-1 no more
	// [web] 1
}

func ExampleIndex_Replace() {
	pods := index.New[string, int]()
	pods.Set("web-1", "", map[string]string{"app": "web"}, 1)
	pods.Set("web-2", "", map[string]string{"app": "web"}, 2)
	view := pods.Live(selector.MustParse("app=web"))
	view.Notify(nil, func(key string, _ int) { fmt.Println("gone:", key) })

	pods.Replace(slices.Values([]index.Entry[string, int]{
		{Key: "web-2", Labels: map[string]string{"app": "web"}, Object: 20},
	}))
	fmt.Println(view.List(nil))
	// Output:
	// gone: web-1
	// [20]
}
