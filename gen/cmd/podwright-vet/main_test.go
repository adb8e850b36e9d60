package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The module that the test belongs to, and where it is.
const (
	module   = "github.com/podwright/podwright"
	checkout = "../../.."
)

// shop is a module that has builders of its own, in a package other than the one that uses them, made with the support
// package of the checkout.
var shop = map[string]string{
	"builders/oven.go": `package builders

import "github.com/podwright/podwright/gen/support"

type OvenBuilder struct {
	degrees int
	errs    support.Problems
}

func Oven() OvenBuilder { return OvenBuilder{} }

func (b OvenBuilder) Degrees(n int) OvenBuilder { b.degrees = n; return b }

func (b OvenBuilder) Build() (int, error) { return b.degrees, b.errs.Err() }
`,
	"right/right.go": `package right

import "example.com/shop/builders"

func Hot() (int, error) { return builders.Oven().Degrees(200).Build() }
`,
	"wrong/wrong.go": wrong,
}

const (
	wrong = `package wrong

import "example.com/shop/builders"

func Hot() (int, error) {
	oven := builders.Oven()
	oven.Degrees(200)
	return oven.Build()
}
`
	report = "wrong.go:7:2: result of OvenBuilder.Degrees is dropped: a builder is a value, so write oven = oven.Degrees(...)\n"
)

func TestCommand(t *testing.T) {
	tool, dir := build(t), writeShop(t)
	for _, row := range []struct {
		rule    string
		command []string
		code    int
		reports bool
	}{
		{"go vet is silent about a right package", []string{"go", "vet", "-vettool=" + tool, "./right", "./builders"}, 0, false},
		{"go vet fails with the report", []string{"go", "vet", "-vettool=" + tool, "./..."}, 1, true},
		{"alone it is silent about a right package", []string{tool, "./right", "./builders"}, 0, false},
		{"alone it fails with the report", []string{tool, "./..."}, 3, true},
		{"with -fix it corrects", []string{tool, "-fix", "./..."}, 0, false},
		{"what it corrected is right", []string{"go", "vet", "-vettool=" + tool, "./..."}, 0, false},
	} {
		t.Run(row.rule, func(t *testing.T) {
			code, output := run(t, dir, row.command...)
			if code != row.code || strings.Contains(output, report) != row.reports {
				t.Errorf("%v: want exit code %d and the report: %t; got %d and\n%s", row.command, row.code, row.reports, code, output)
			}
		})
	}
	got, err := os.ReadFile(filepath.Join(dir, "wrong/wrong.go"))
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(wrong, "oven.Degrees(200)", "oven = oven.Degrees(200)", 1)
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

func build(t *testing.T) (tool string) {
	t.Helper()
	tool = filepath.Join(t.TempDir(), "podwright-vet.exe") // The suffix matters on Windows only.
	if code, output := run(t, ".", "go", "build", "-mod=readonly", "-o", tool, "."); code != 0 {
		t.Fatalf("go build: %s", output)
	}
	return tool
}

// writeShop writes the module shop. It takes this module from the checkout, and asks for what go.mod asks for there, so that
// nothing is needed that the test itself does not need.
func writeShop(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	root, err := filepath.Abs(checkout)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		write(t, dir, name, string(text))
	}
	edit := []string{"go", "mod", "edit", "-module=example.com/shop", "-require=" + module + "@v0.0.0", "-replace=" + module + "=" + root}
	if code, output := run(t, dir, edit...); code != 0 {
		t.Fatalf("go mod edit: %s", output)
	}
	for name, text := range shop {
		write(t, dir, name, text)
	}
	return dir
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// run runs a command without a network, and returns its exit code and all it printed. The go command may complete the go.mod
// of the module in dir, unless told otherwise.
func run(t *testing.T, dir string, command ...string) (int, string) {
	t.Helper()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off")
	output, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(output)
}
