package discovery

import (
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/version"
)

// TestVersionIsThatOfARealServer compares what is Kubernetes', and not what is the build's.
func TestVersionIsThatOfARealServer(t *testing.T) {
	var want version.Info
	readTestdata(t, "version.json", &want)
	got := *Version()
	want.GitCommit, want.GitTreeState, want.BuildDate = got.GitCommit, got.GitTreeState, got.BuildDate
	want.GoVersion, want.Compiler, want.Platform = runtime.Version(), runtime.Compiler, runtime.GOOS+"/"+runtime.GOARCH
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("version (-recorded +got):\n%s", diff)
	}
}

func TestVersionNamesTheBuild(t *testing.T) {
	info := &version.Info{GitTreeState: "clean"}
	stamp(info, &debug.BuildInfo{Settings: []debug.BuildSetting{
		{Key: "vcs", Value: "git"}, {Key: "vcs.revision", Value: "abc"}, {Key: "vcs.time", Value: "2026-01-02T03:04:05Z"}, {Key: "vcs.modified", Value: "true"},
	}})
	want := &version.Info{GitCommit: "abc", BuildDate: "2026-01-02T03:04:05Z", GitTreeState: "dirty"}
	if diff := cmp.Diff(want, info); diff != "" {
		t.Errorf("version (-want +got):\n%s", diff)
	}
}
