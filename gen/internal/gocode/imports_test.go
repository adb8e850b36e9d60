package gocode

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

func TestImportAlias(t *testing.T) {
	for _, tt := range []struct{ rule, path, want string }{
		{"a package is called like its folder", "k8s.io/apimachinery/pkg/api/resource", "resource"},
		{"a version does not tell packages apart", "k8s.io/api/core/v1", "corev1"},
		{"nor does a beta version", "example.com/bakery/v2beta1", "bakeryv2beta1"},
		{"what is no version stays alone", "example.com/bakery/v1x", "v1x"},
		{"signs are left out", "example.com/Go-Bakery", "gobakery"},
		{"a name that generated code declares is another's", "example.com/items", "itemsapi"},
		{"but not of the package that code means by it", "slices", "slices"},
	} {
		if diff := gocmp.Diff(tt.want, ImportAlias(tt.path)); diff != "" {
			t.Errorf("%s:\n%s", tt.rule, diff)
		}
	}
}
