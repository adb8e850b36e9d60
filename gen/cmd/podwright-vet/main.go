// Podwright-vet reports builder results that are dropped, such as the statement
//
//	pod.Label("app", "web")
//
// which changes nothing: a builder is a value, and the statement must read pod = pod.Label("app", "web"). Package
// github.com/podwright/podwright/gen/discard says what exactly is reported.
//
// What people get wrong: go vet runs its own checks or those of one tool. Run it twice, with and without -vettool.
//
// Install it and let go vet run it:
//
//	go install github.com/podwright/podwright/gen/cmd/podwright-vet@latest
//	go vet -vettool=$(which podwright-vet) ./...
//
// or keep its version in go.mod:
//
//	go get -tool github.com/podwright/podwright/gen/cmd/podwright-vet@latest
//	go vet -vettool=$(go tool -n podwright-vet) ./...
//
// It also runs by itself, and then corrects what it can:
//
//	podwright-vet ./...
//	podwright-vet -fix ./...
//
// The exit code of go vet is 1 if there is something to report, that of podwright-vet alone is 3, or 1 if a package does
// not compile. With -fix it is 0, also if something is left to correct by hand.
package main

import (
	"github.com/podwright/podwright/gen/discard"
	"golang.org/x/tools/go/analysis/multichecker"
)

func main() { multichecker.Main(discard.Analyzer) }
