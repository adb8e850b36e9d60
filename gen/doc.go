// Package gen is the command podwright: it generates Go code about the types of a Kubernetes API, and about somebody's labels.
//
// What people get wrong: what is generated is never edited, since the next run takes it back. What it is to be stands in a
// configuration beside it, and what is wrong with that is an error with its line, not code that does not compile.
//
//	go get -tool github.com/podwright/podwright/gen/cmd/podwright
//	go tool podwright builders -config podwright.yaml
//	go tool podwright selectors -config labels.yaml
//
// The verbs and what they read:
//
//   - types and builders: a [Config], and the Go packages that it names
//   - manifest: descriptors in YAML or JSON, and a Config where they are of other kinds than Kubernetes' own
//   - selectors: a [vocabulary.Vocabulary] of labels
//
// Each goes the same way, a step a file: a configuration is read (config.go), packages are loaded (load*.go) as an API (api.go,
// markers.go), facts and a model are made of them (facts.go, model*.go), and files are emitted (emit_*.go, called after what they
// write), which the command then writes, or with -check compares. [Generate] and [Manifests] are the whole way but for the last
// step, and so is [vocabulary.Generate] in package vocabulary, which has its own steps. What all share is in internal: gocode, which
// writes Go, and source, which knows the lines of a configuration.
package gen
