package gocode

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"
)

// NameImports makes files import the API's packages as everybody does: corev1, metav1. Of packages but Kubernetes' own it
// is not known that they are called like their folders.
func NameImports(f *jen.File, paths ...string) {
	for _, p := range paths {
		if alias := ImportAlias(p); alias == path.Base(p) && strings.HasPrefix(p, "k8s.io/") {
			f.ImportName(p, alias)
		} else {
			f.ImportAlias(p, alias)
		}
	}
}

// ImportAlias is the folder's name, with the one above it where that is a version alone.
func ImportAlias(p string) string {
	name := path.Base(p)
	if IsVersion(name) {
		name = path.Base(path.Dir(p)) + name
	}
	name = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(name))
	if p != name && slices.Contains(ownNames, name) {
		name += "api"
	}
	return name
}

// ownNames are those of what generated code declares in functions or imports itself.
var ownNames = []string{"b", "k", "v", "m", "q", "obj", "err", "errs", "item", "items", "edit", "change", "changes", "fmt", "slices", "support", "time"}

var version = regexp.MustCompile(`^v[0-9]+((alpha|beta)[0-9]+)?$`)

// IsVersion reports whether a name is one that versions of an API have: v1, v2beta1.
func IsVersion(name string) bool { return version.MatchString(name) }
