package discovery

import (
	"runtime"
	"runtime/debug"

	"k8s.io/apimachinery/pkg/version"
)

// Version is what /version answers: the Kubernetes that is imitated, and the program that does it.
func Version() *version.Info {
	info := &version.Info{
		Major: "1", Minor: "37", EmulationMajor: "1", EmulationMinor: "37", MinCompatibilityMajor: "1", MinCompatibilityMinor: "36",
		GitVersion:   "v1.37.2",
		GitCommit:    "unknown",
		GitTreeState: "clean",
		BuildDate:    "1970-01-01T00:00:00Z", // as upstream's version of an unstamped build
		GoVersion:    runtime.Version(),
		Compiler:     runtime.Compiler,
		Platform:     runtime.GOOS + "/" + runtime.GOARCH,
	}
	if build, ok := debug.ReadBuildInfo(); ok {
		stamp(info, build)
	}
	return info
}

// stamp fills in what the Go tool recorded of the working tree that the running program was built from.
func stamp(info *version.Info, build *debug.BuildInfo) {
	for _, s := range build.Settings {
		switch {
		case s.Key == "vcs.revision":
			info.GitCommit = s.Value
		case s.Key == "vcs.time":
			info.BuildDate = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			info.GitTreeState = "dirty"
		}
	}
}
