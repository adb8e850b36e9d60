package discovery

import (
	"runtime"

	"k8s.io/apimachinery/pkg/version"
)

// Version is the answer to GET /version: the Kubernetes release whose behaviour is served, and the Go release that the program is built with.
// Commit, tree and date are those that upstream's own build of v1.37.2 reports when nothing stamps them, since kubectl --match-server-version
// compares version, commit and tree (MatchesServerVersion): the commit of the program around the fake says nothing about Kubernetes.
func Version() *version.Info {
	return &version.Info{
		Major: "1", Minor: "37", EmulationMajor: "1", EmulationMinor: "37", MinCompatibilityMajor: "1", MinCompatibilityMinor: "36",
		GitVersion:   "v1.37.2",
		GitCommit:    "$Format:%H$", // what git archive would replace
		GitTreeState: "clean",
		BuildDate:    "1970-01-01T00:00:00Z",
		GoVersion:    runtime.Version(),
		Compiler:     runtime.Compiler,
		Platform:     runtime.GOOS + "/" + runtime.GOARCH,
	}
}
