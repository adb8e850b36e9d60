// Package rules is where packages leave the rules of kinds that package types does not know by itself, as database drivers leave
// themselves with database/sql: types asks here for whatever Go type it has no case for. So a program pays only for the API
// groups whose rules it imports.
//
// What one gets wrong: a row must be registered from an init function. Nothing here locks, since all reading comes later.
//
//	func init() { rules.Register(rules.Kind[*appsv1.Deployment]{Default: defaultDeployment}) }
package rules

import (
	"fmt"
	"reflect"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// A Kind is the rules of one Go type. What is nil has nothing special there.
type Kind[T runtime.Object] struct {
	// Cluster: objects of the kind are in no namespace.
	Cluster bool
	// Default sets the defaults that depend on other fields; the facts have been set by then.
	Default func(T)
	// Prepare changes a new object between admission and validation, PrepareUpdate an updated one.
	Prepare       func(T)
	PrepareUpdate func(obj, old T)
	// Errors are those of a create, UpdateErrors those of an update, and StatusErrors those of one by the status subresource. Without
	// the former two only metadata is checked, without the last nothing is.
	Errors       func(T) field.ErrorList
	UpdateErrors func(obj, old T) field.ErrorList
	StatusErrors func(obj, old T) field.ErrorList
	// Warnings and UpdateWarnings are the texts that come with an answer.
	Warnings       func(T) []string
	UpdateWarnings func(obj, old T) []string
}

// An Any is a Kind for callers who do not know its type.
type Any = Kind[runtime.Object]

var kinds = map[reflect.Type]*Any{}

// Register adds the rules of a type. It panics if the type has some already.
func Register[T runtime.Object](k Kind[T]) {
	t := reflect.TypeFor[T]()
	if kinds[t] != nil {
		panic(fmt.Sprintf("rules: %s is registered twice", t))
	}
	kinds[t] = &Any{
		Cluster: k.Cluster,
		Default: one(k.Default), Prepare: one(k.Prepare), PrepareUpdate: two(k.PrepareUpdate),
		Errors: oneTo(k.Errors), UpdateErrors: twoTo(k.UpdateErrors), StatusErrors: twoTo(k.StatusErrors),
		Warnings: oneTo(k.Warnings), UpdateWarnings: twoTo(k.UpdateWarnings),
	}
}

// Of finds the rules of an object's type, nil if there are none.
func Of(obj runtime.Object) *Any { return kinds[reflect.TypeOf(obj)] }

func one[T runtime.Object](f func(T)) func(runtime.Object) {
	if f == nil {
		return nil
	}
	return func(obj runtime.Object) { f(obj.(T)) }
}

func two[T runtime.Object](f func(obj, old T)) func(obj, old runtime.Object) {
	if f == nil {
		return nil
	}
	return func(obj, old runtime.Object) { f(obj.(T), old.(T)) }
}

func oneTo[T runtime.Object, R any](f func(T) R) func(runtime.Object) R {
	if f == nil {
		return nil
	}
	return func(obj runtime.Object) R { return f(obj.(T)) }
}

func twoTo[T runtime.Object, R any](f func(obj, old T) R) func(obj, old runtime.Object) R {
	if f == nil {
		return nil
	}
	return func(obj, old runtime.Object) R { return f(obj.(T), old.(T)) }
}
