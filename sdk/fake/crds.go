package fake

import (
	"fmt"
	"io/fs"
	"path"
	"slices"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/types/descriptor"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// CRDs has the cluster serve kinds that users define: each CustomResourceDefinition in the .yaml, .yml and .json files of fsys, in all its
// folders, several documents a file. What stands there besides is an error, as is a definition that a server would refuse, and a field that
// definitions do not have; Start names file and line. A file is read when Start is called; more options add more kinds.
//
//	fake.RunT(t, fake.CRDs(os.DirFS("config/crd/bases")))
//
// The definitions are objects of the cluster as if they had been applied, and are established when Start returns: they can be read,
// changed and deleted, and others can be created, by kubectl too. Objects of the kinds are pruned, defaulted, validated
// (x-kubernetes-validations included), merged and shown as the definition says.
func CRDs(fsys fs.FS) Option {
	return func(o *options) {
		o.kinds = append(o.kinds, func() ([]definedKind, error) { return readDefinitions(fsys) })
	}
}

// definedKind is a kind that a cluster starts with.
type definedKind struct {
	definition *apiextensionsv1.CustomResourceDefinition
	from       string // where it was found, for errors
	defaults   func(obj runtime.Object)
}

// definitions are what files may hold.
var definitions = func() *runtime.Scheme {
	s := runtime.NewScheme()
	if err := apiextensionsv1.AddToScheme(s); err != nil {
		panic(fmt.Sprintf("fake: scheme of definitions: %v", err)) // it is empty
	}
	return s
}

// definitionFiles are the endings of files that are read.
var definitionFiles = []string{".yaml", ".yml", ".json"}

func readDefinitions(fsys fs.FS) ([]definedKind, error) {
	var kinds []definedKind
	scheme := definitions()
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !slices.Contains(definitionFiles, path.Ext(name)) {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		objects, err := descriptor.DecodeAll(data, descriptor.File(name), descriptor.WithScheme(scheme))
		if err != nil {
			return err
		}
		for i, obj := range objects {
			d, ok := obj.(*apiextensionsv1.CustomResourceDefinition)
			if !ok {
				return fmt.Errorf("%s: document %d: a %s is no CustomResourceDefinition; keep them apart", name, i+1, obj.GetObjectKind().GroupVersionKind().Kind)
			}
			kinds = append(kinds, definedKind{definition: d, from: name})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read definitions: %w", err)
	}
	return kinds, nil
}

// define creates the definitions of the kinds that the cluster starts with.
func (c *Cluster) define() error {
	for _, read := range c.options.kinds {
		kinds, err := read()
		if err != nil {
			return err
		}
		for _, k := range kinds {
			if k.defaults != nil {
				gk := registry.CustomKind(k.definition)
				c.api.DefaultKind(gk, k.defaults)
			}
			if _, err := c.api.Create(registry.CustomResourceDefinitions, k.definition, api.WriteOptions{Manager: "podwright"}); err != nil {
				return fmt.Errorf("%s: %w", k.from, err)
			}
		}
	}
	return nil
}
