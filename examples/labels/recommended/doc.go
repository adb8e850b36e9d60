// Package recommended is a vocabulary of the labels that Kubernetes recommends, generated from labels.yaml: something to start
// from, and what the speed of generated matchers is measured with.
//
// What people get wrong: a version is a label like any other until a controller selects by it. Then an upgrade is a controller
// that has lost its pods. The generator knows of app.kubernetes.io/version, and refuses that.
//
//	web := recommended.Labels{Name: "web", PartOf: "shop", Component: recommended.ComponentFrontend, Environment: recommended.EnvironmentQA}
//	pod := builders.Pod("web").Labels(web.Map())
package recommended

//go:generate go tool podwright selectors -config labels.yaml
