package sdk

import (
	"errors"
	"fmt"
)

var (
	// ErrLostConnection is why a [Forward] ended whose connection to the cluster broke and was not made anew, and what
	// reads and writes on its connections then return.
	ErrLostConnection = errors.New("lost connection to pod")

	// ErrDeleted is wrapped by the error of [Client.Wait] when the object was deleted meanwhile,
	// or replaced by another of the same name.
	ErrDeleted = errors.New("it was deleted")

	// ErrEnded is wrapped by the error of [Client.Wait] when a pod has ended, so that what was
	// waited for can no longer come true.
	ErrEnded = errors.New("the pod has ended")
)

// failed says what was being done to which object when err came up.
func failed(doing string, k kind, namespace, name string, err error) error {
	return fmt.Errorf("%s %s: %w", doing, describeRef(k.Kind, namespace, name), err)
}

func describeRef(kind, namespace, name string) string {
	if namespace == "" {
		return kind + " " + name
	}
	return kind + " " + namespace + "/" + name
}

// doing is failed for objects whose kind is not known, or not known to be served.
func doing(verb string, k kind, obj any, err error) error {
	if k.Kind == "" {
		return fmt.Errorf("%s %T: %w", verb, obj, err)
	}
	return fmt.Errorf("%s %s: %w", verb, k.Kind, err)
}

// named refuses the empty name, which would address all objects of a kind.
func named(name string) error {
	if name == "" {
		return errors.New("the object has no name")
	}
	return nil
}
