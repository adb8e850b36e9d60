package api

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	podtypes "github.com/podwright/podwright/types"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// generateAttempts is how often a generated name that is taken is drawn again, as the API server does.
const generateAttempts = 8

// Create adds obj, which belongs to the API from then on, and returns what is stored. In this order, and each with
// the API server's error: the namespace must exist, defaults are set, admission, validation, the name must be free.
func (a *API) Create(r *registry.Resource, obj store.Object, o WriteOptions) (store.Object, error) {
	if err := a.CheckNamespace(r, obj.GetNamespace()); err != nil {
		return nil, err
	}
	wipeSystemFields(obj)
	DropRepeatedOwners(obj, o)
	obj.GetObjectKind().SetGroupVersionKind(r.GroupVersionKind())
	r.SetDefaults(obj)
	return a.create(r, manageCreate(r, obj, o), o)
}

// create does what follows once it is known who owns which field.
func (a *API) create(r *registry.Resource, obj store.Object, o WriteOptions) (store.Object, error) {
	if r.Refusal != "" {
		return nil, apierrors.NewForbidden(r.GroupResource(), nameOf(obj), errors.New(r.Refusal))
	}
	if err := a.admit(r, obj); err != nil {
		return nil, err
	}
	dropOwnersAfterAdmission(obj, o)
	if o.Warn != nil {
		o.warn(podtypes.EarlyWarnings(obj))
	}
	a.prepareCreate(r, obj)
	return a.insert(r, obj, o)
}

// warn passes warnings on to Warn, which must not be nil.
func (o *WriteOptions) warn(texts []string) {
	for _, text := range texts {
		o.Warn(text)
	}
}

// wipeSystemFields forgets what a client may not choose for a new object, before anybody owns it, as
// rest.WipeObjectMetaSystemFields does. A resourceVersion is kept: storing the object will refuse it.
func wipeSystemFields(obj store.Object) {
	obj.SetCreationTimestamp(metav1.Time{})
	obj.SetUID("")
	obj.SetDeletionTimestamp(nil)
	obj.SetDeletionGracePeriodSeconds(nil)
	obj.SetSelfLink("")
}

// prepareCreate fills in what only the server may set, as rest.BeforeCreate does.
func (a *API) prepareCreate(r *registry.Resource, obj store.Object) {
	wipeSystemFields(obj)
	obj.SetCreationTimestamp(Now())
	if r.Spec != nil {
		obj.SetGeneration(1)
	}
	podtypes.Prepare(obj)
	if r.PrepareCreate != nil {
		r.PrepareCreate(obj)
	}
}

// insert names, validates and stores obj, and warns of it once it is valid. A generated name that is taken is drawn again.
func (a *API) insert(r *registry.Resource, obj store.Object, o WriteOptions) (store.Object, error) {
	allocated, err := a.allocate(r, obj, nil, o)
	if err != nil {
		return nil, err
	}
	defer allocated()
	generate := obj.GetName() == "" && obj.GetGenerateName() != ""
	unnamed := obj
	for attempt := 1; ; attempt++ {
		if r.PrepareNamed != nil {
			obj = clone(unnamed) // what follows from a name is not there for the next one
		}
		if generate {
			obj.SetName(a.generateName(obj.GetNamespace(), obj.GetGenerateName()))
		}
		obj.SetUID(a.uidFor(r, obj))
		if r.PrepareNamed != nil {
			r.PrepareNamed(obj)
		}
		if attempt == 1 {
			if errs := r.Errors(obj); len(errs) > 0 {
				return nil, apierrors.NewInvalid(r.KeptKind().GroupKind(), obj.GetName(), errs)
			}
			if o.Warn != nil {
				o.warn(podtypes.Warnings(obj))
				o.warn(r.WarningsOf(obj, nil))
			}
			done, err := a.admitValid(r, obj, nil, o)
			if err != nil {
				return nil, err
			}
			defer done()
			a.settle(r, obj)
		}
		err := a.put(r, obj, o)
		if err == nil {
			return obj, nil
		}
		if !errors.Is(err, store.ErrExists) {
			return nil, err
		}
		if !generate || attempt == generateAttempts {
			return nil, a.alreadyExists(r, obj, generate)
		}
	}
}

// put stores obj or, in a dry run, only looks whether that would work. Its namespace must be one that takes new
// objects at that very moment: one that comes later would survive its namespace.
func (a *API) put(r *registry.Resource, obj store.Object, o WriteOptions) error {
	if o.DryRun {
		if _, err := a.Store.Get(r.StoreKey(), obj.GetNamespace(), obj.GetName()); err == nil {
			return store.ErrExists
		}
		return nil
	}
	if version, err := strconv.ParseUint(obj.GetResourceVersion(), 10, 64); err == nil && version != 0 {
		return errors.New("resourceVersion should not be set on objects to be created")
	}
	next := kept(r, obj)
	a.sharing.share(nil, next)
	if next != obj { // what is stored belongs to everybody
		defer func() { obj.SetResourceVersion(next.GetResourceVersion()) }()
	}
	for r.Namespaced {
		ns, err := a.openNamespace(r, obj)
		if err != nil {
			return err
		}
		if err := a.Store.CreateWhile(registry.Namespaces.StoreKey(), ns, r.StoreKey(), next); !errors.Is(err, store.ErrConflict) {
			return err
		}
	}
	return a.Store.Create(r.StoreKey(), next)
}

func (a *API) alreadyExists(r *registry.Resource, obj store.Object, generated bool) error {
	if generated {
		return apierrors.NewGenerateNameConflict(r.GroupResource(), obj.GetName(), 1)
	}
	err := apierrors.NewAlreadyExists(r.GroupResource(), obj.GetName())
	if old, getErr := a.Store.Get(r.StoreKey(), obj.GetNamespace(), obj.GetName()); getErr == nil && old.GetDeletionTimestamp() != nil {
		err.ErrStatus.Message = fmt.Sprintf("object is being deleted: %s", err.ErrStatus.Message)
	}
	return err
}
