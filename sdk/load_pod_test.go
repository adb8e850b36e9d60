package sdk

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/util/cert"
)

// surroundings writes the files of a service account, and returns the pod that has them.
func surroundings(t *testing.T, files, env map[string]string) inPod {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return inPod{dir: dir, getenv: func(name string) string { return env[name] }}
}

func TestFindInAPod(t *testing.T) {
	ca, _, err := cert.GenerateSelfSignedCertKey("cluster", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"token": "secret", "ca.crt": string(ca), "namespace": "web\n"}
	env := map[string]string{"KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"}
	without := func(m map[string]string, name string) map[string]string {
		less := map[string]string{}
		for k, v := range m {
			if k != name {
				less[k] = v
			}
		}
		return less
	}
	with := func(m map[string]string, name, value string) map[string]string {
		more := without(m, name)
		more[name] = value
		return more
	}
	const bare = "apiVersion: v1\nkind: Config\ncurrent-context: c\nclusters: [{name: c, cluster: {server: 'https://x'}}]\ncontexts: [{name: c, context: {cluster: c}}]\n"
	tests := []struct {
		name       string
		o          LoadOptions
		kubeconfig string // what KUBECONFIG leads to
		files, env map[string]string
		want       string // host and namespace
		err        string
	}{
		{name: "the pod's own cluster and namespace", files: files, env: env, want: "https://[fd00::1]:443 web"},
		{name: "POD_NAMESPACE comes first", files: files, env: with(env, "POD_NAMESPACE", "db"), want: "https://[fd00::1]:443 db"},
		{name: "the option comes before that", o: LoadOptions{Namespace: "mine"}, files: files, env: env, want: "https://[fd00::1]:443 mine"},
		{name: "no file says a namespace", files: without(files, "namespace"), env: env, want: "https://[fd00::1]:443 default"},
		{name: "a kubeconfig comes first, but says no namespace", kubeconfig: bare, files: files, env: env, want: "https://x web"},
		{name: "a kubeconfig, and the option", o: LoadOptions{Namespace: "mine"}, kubeconfig: bare, files: files, env: env, want: "https://x mine"},
		{name: "no token", files: without(files, "token"), env: env, err: "this is no pod of a cluster"},
		{name: "no address", files: files, env: without(env, "KUBERNETES_SERVICE_HOST"), err: "name a kubeconfig by KUBECONFIG"},
		{name: "no certificate", files: without(files, "ca.crt"), env: env, err: "in the cluster: "},
		{name: "a context was asked for", o: LoadOptions{Context: "prod"}, files: files, env: env, err: "a context, cluster or user was asked for"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "config")
			t.Setenv("KUBECONFIG", path)
			if tt.kubeconfig != "" {
				if err := os.WriteFile(path, []byte(tt.kubeconfig), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			around := surroundings(t, tt.files, tt.env)
			config, namespace, err := tt.o.find(around)
			switch {
			case tt.err != "":
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Errorf("error %v does not say %q", err, tt.err)
				}
				return
			case err != nil:
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, config.Host+" "+namespace); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if tt.kubeconfig != "" {
				return
			}
			want := &rest.Config{Host: config.Host, BearerToken: "secret", BearerTokenFile: filepath.Join(around.dir, "token"),
				TLSClientConfig: rest.TLSClientConfig{CAFile: filepath.Join(around.dir, "ca.crt")}}
			if diff := cmp.Diff(want.String(), config.String()); diff != "" || config.BearerToken != "secret" {
				t.Errorf("config (-want +got):\n%s", diff)
			}
		})
	}
}
