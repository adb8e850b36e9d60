// Package registry says what each resource of the API is: one [Resource], one table row, per kind. Adding a kind is
// adding a row.
//
// The one thing people get wrong: a rule that holds for every kind does not belong here but into package api, which
// carries out the verbs; a row only names what is different about its kind.
package registry
