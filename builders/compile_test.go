package builders_test

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What the compiler says to a mistake. Each row is an expression; all of them are compiled at once.
var mistakes = []struct{ rule, code, message string }{
	{"what is right compiles", `b.Pod("web").
		Containers(b.Container("app", "nginx").LivenessProbe(b.Probe(b.HTTPGetAction(8080)))).
		Volumes(b.Volume("data", b.EmptyDirVolumeSource()))`, ""},
	{"a port is a number or a name, of any such type",
		`[]any{b.TCPSocketAction("http"), b.TCPSocketAction(int32(80)), b.TCPSocketAction(port(80))}`, ""},
	{"a container needs an image", `b.Container("app")`,
		"not enough arguments in call to b.Container\n\thave (string)\n\twant (string, string)"},
	{"a volume needs a source", `b.Volume("data")`,
		"not enough arguments in call to b.Volume\n\thave (string)\n\twant (string, builders.VolumeSource)"},
	{"a volume has one source", `b.Volume("data", b.EmptyDirVolumeSource(), b.SecretVolumeSource("db"))`,
		"too many arguments in call to b.Volume\n\thave (string, builders.EmptyDirVolumeSourceBuilder, builders.SecretVolumeSourceBuilder)\n" +
			"\twant (string, builders.VolumeSource)"},
	{"a probe is no source of a volume", `b.Volume("data", b.ExecAction())`,
		"cannot use b.ExecAction() (value of struct type builders.ExecActionBuilder) as builders.VolumeSource value in argument to b.Volume: " +
			"builders.ExecActionBuilder does not implement builders.VolumeSource (missing method volumeSource)"},
	{"an object of the API is no source of a volume", `b.Volume("data", corev1.EmptyDirVolumeSource{})`,
		"cannot use corev1.EmptyDirVolumeSource{} (value of struct type \"k8s.io/api/core/v1\".EmptyDirVolumeSource) as builders.VolumeSource " +
			"value in argument to b.Volume: \"k8s.io/api/core/v1\".EmptyDirVolumeSource does not implement builders.VolumeSource " +
			"(missing method volumeSource)"},
	{"a probe cannot sleep", `b.Probe(b.SleepAction(5))`,
		"cannot use b.SleepAction(5) (value of struct type builders.SleepActionBuilder) as builders.ProbeHandler value in argument to b.Probe: " +
			"builders.SleepActionBuilder does not implement builders.ProbeHandler (missing method probeHandler)"},
	{"a hook can", `b.Lifecycle().PreStop(b.SleepAction(5))`, ""},
	{"a hook cannot speak gRPC", `b.Lifecycle().PreStop(b.GRPCAction(80))`,
		"cannot use b.GRPCAction(80) (value of struct type builders.GRPCActionBuilder) as builders.LifecycleHandler value in argument to " +
			"b.Lifecycle().PreStop: builders.GRPCActionBuilder does not implement builders.LifecycleHandler (missing method lifecycleHandler)"},
	{"a handler is no probe", `b.Container("app", "nginx").LivenessProbe(b.HTTPGetAction(80))`,
		"cannot use b.HTTPGetAction(80) (value of struct type builders.HTTPGetActionBuilder) as builders.ProbeBuilder value in argument to " +
			"b.Container(\"app\", \"nginx\").LivenessProbe"},
	{"a volume is no container", `b.Pod("web").Containers(b.Volume("data", b.EmptyDirVolumeSource()))`,
		"cannot use b.Volume(\"data\", b.EmptyDirVolumeSource()) (value of struct type builders.VolumeBuilder) as builders.ContainerBuilder " +
			"value in argument to b.Pod(\"web\").Containers"},
	{"a container is no template", `b.ReplicationController("web").Template(b.Container("app", "nginx"))`,
		"cannot use b.Container(\"app\", \"nginx\") (value of struct type builders.ContainerBuilder) as builders.PodBuilder value in argument " +
			"to b.ReplicationController(\"web\").Template"},
	{"a port is whole", `b.HTTPGetAction(80.5)`, "float64 does not satisfy builders.IntOrString (float64 missing in ~int | ~int32 | ~string)"},
	{"a union is sealed", `b.Probe(mine{})`,
		"cannot use mine{} (value of struct type mine) as builders.ProbeHandler value in argument to b.Probe: " +
			"mine does not implement builders.ProbeHandler (unexported method probeHandler)"},
	{"an enum is no text", `b.Pod("web").RestartPolicy(text)`,
		"cannot use text (variable of type string) as \"k8s.io/api/core/v1\".RestartPolicy value in argument to b.Pod(\"web\").RestartPolicy"},
}

const snippet = `package snippets

import (
	b "github.com/podwright/podwright/builders"
	corev1 "k8s.io/api/core/v1"
)

var (
	_ = corev1.Pod{}
	_ = b.Pod
	_ = %s
)
`

// declarations are what the rows use beside the builders.
const declarations = `package snippets

import corev1 "k8s.io/api/core/v1"

type port int32

var text = "Always"

type mine struct{}

func (mine) probeHandler() (h corev1.ProbeHandler) { return }
`

func TestTheCompilerFindsMistakes(t *testing.T) {
	dir := t.TempDir()
	args := []string{"build", "-gcflags=-e", "-o", os.DevNull}
	write := func(name, text string) {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	write("declarations.go", declarations)
	for i, m := range mistakes {
		write(fmt.Sprintf("row%02d.go", i), fmt.Sprintf(snippet, m.code))
	}
	out, err := exec.Command("go", args...).CombinedOutput() // here, so that the module is this one
	said := messages(string(out))
	if err == nil || len(said) == 0 {
		t.Fatalf("nothing is wrong: %v\n%s", err, out)
	}
	for i, m := range mistakes {
		t.Run(m.rule, func(t *testing.T) {
			file := fmt.Sprintf("row%02d.go", i)
			if diff := cmp.Diff(m.message, said[file]); diff != "" {
				t.Errorf("(-want, +got):\n%s", diff)
			}
			delete(said, file)
		})
	}
	if len(said) > 0 {
		t.Errorf("the compiler speaks of other files: %q in\n%s", slices.Sorted(maps.Keys(said)), out)
	}
}

var position = regexp.MustCompile(`^(?:.*/)?(\w+\.go):\d+:\d+: (.*)$`)

// messages are those of the compiler by file, without positions, one a file.
func messages(out string) map[string]string {
	said, file := map[string]string{}, ""
	for line := range strings.Lines(out) {
		line = strings.TrimSuffix(line, "\n")
		switch m := position.FindStringSubmatch(line); {
		case m != nil && said[m[1]] == "":
			file = m[1]
			said[file] = m[2]
		case m != nil:
			file = m[1]
			said[file] += "\n" + m[2]
		case strings.HasPrefix(line, "\t"):
			said[file] += "\n" + line
		}
	}
	return said
}
