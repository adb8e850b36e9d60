// Package imageref reads the names of container images: "nginx", "heejeong/crane:v2", "registry:5000/a/b@sha256:...".
//
// The one thing people get wrong: a first component without a dot, a colon or an upper-case letter is not a registry.
// "nginx" is docker.io/library/nginx:latest, "heejeong/crane" is docker.io/heejeong/crane:latest, and only
// "localhost/crane" names a registry without a dot.
//
// A shortest program:
//
//	ref, err := imageref.Parse("heejeong/crane")
//	fmt.Println(ref.Repository(), ref.Tag) // docker.io/heejeong/crane latest
package imageref

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// What Parse may answer, in the words that a kubelet's events carry.
var (
	ErrFormat  = errors.New("invalid reference format")
	ErrTooLong = errors.New("repository name must not be more than 255 characters")
)

const (
	defaultDomain = "docker.io"
	legacyDomain  = "index.docker.io"
	officialPath  = "library/"
	defaultTag    = "latest"
	maxName       = 255
)

// Ref is an image name in full. Digest is empty for a name without one; Tag is empty only for a name that has a
// digest and no tag.
type Ref struct {
	Domain string // docker.io
	Path   string // library/nginx
	Tag    string // latest
	Digest string // sha256:...
}

// grammar is that of the distribution project's reference package: domain, path, tag, digest.
var grammar = sync.OnceValue(func() *regexp.Regexp {
	const (
		label     = `(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])`
		domain    = `(?:` + label + `(?:\.` + label + `)*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?`
		component = `[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*`
		path      = component + `(?:/` + component + `)*`
		tag       = `[\w][\w.-]{0,127}`
		digest    = `[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}`
	)
	return regexp.MustCompile(`^(` + domain + `)/(` + path + `)(?::(` + tag + `))?(?:@(` + digest + `))?$`)
})

// Parse reads an image name and fills in what it leaves out, as the container runtimes do.
func Parse(name string) (Ref, error) {
	if isHexID(name) {
		return Ref{}, fmt.Errorf("invalid repository name (%s), cannot specify 64-byte hexadecimal strings", name)
	}
	domain, rest := splitDomain(name)
	repository, _, _ := strings.Cut(rest, ":")
	if strings.ToLower(repository) != repository {
		return Ref{}, fmt.Errorf("%w: repository name (%s) must be lowercase", ErrFormat, repository)
	}
	m := grammar().FindStringSubmatch(domain + "/" + rest)
	if m == nil {
		return Ref{}, ErrFormat
	}
	ref := Ref{Domain: m[1], Path: m[2], Tag: m[3], Digest: m[4]}
	if len(ref.Repository()) > maxName {
		return Ref{}, ErrTooLong
	}
	if ref.Tag == "" && ref.Digest == "" {
		ref.Tag = defaultTag
	}
	return ref, nil
}

// splitDomain tells the registry from the rest, and puts the defaults in.
func splitDomain(name string) (domain, rest string) {
	first, after, found := strings.Cut(name, "/")
	isDomain := found && (strings.ContainsAny(first, ".:") || first == "localhost" || strings.ToLower(first) != first)
	domain, rest = defaultDomain, name
	if isDomain {
		domain, rest = first, after
	}
	if domain == legacyDomain {
		domain = defaultDomain
	}
	if domain == defaultDomain && !strings.Contains(rest, "/") {
		rest = officialPath + rest
	}
	return domain, rest
}

func isHexID(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}

// Repository is the name without tag and digest, in full: docker.io/library/nginx.
func (r Ref) Repository() string { return r.Domain + "/" + r.Path }

// Familiar is the repository as people write it: nginx, heejeong/crane, gcr.io/a/b.
func (r Ref) Familiar() string {
	if r.Domain != defaultDomain {
		return r.Repository()
	}
	if official, ok := strings.CutPrefix(r.Path, officialPath); ok && !strings.Contains(official, "/") {
		return official
	}
	return r.Path
}

// FamiliarString is the familiar name with the tag and the digest, as docker lists the image: heejeong/crane:latest.
func (r Ref) FamiliarString() string { return r.withSuffix(r.Familiar()) }

// String is the whole name: docker.io/heejeong/crane:latest.
func (r Ref) String() string { return r.withSuffix(r.Repository()) }

func (r Ref) withSuffix(name string) string {
	if r.Tag != "" {
		name += ":" + r.Tag
	}
	if r.Digest != "" {
		name += "@" + r.Digest
	}
	return name
}
