// Package gocode writes Go: the pieces of code that emitters share, files of them, and these into the tree.
//
// What people get wrong: nothing here knows what code is about. What does, of an API's types or of labels, is an emitter's, in an
// emit_*.go.
//
//	pkg, err := gocode.PackageAt("labels")
//	f := gocode.New(pkg)
//	gocode.Comment(f, "Key is the key app.")
//	f.Const().Id("Key").Op("=").Lit("app")
//	file, err := gocode.Render("labels/"+gocode.Prefix+"keys.go", f)
//	err = gocode.Write([]gocode.File{file})
//
// The code itself is made with package jen.
package gocode
