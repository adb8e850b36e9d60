// Package openapi gives the OpenAPI v3 documents of what a cluster serves, built from the Go types of its rows: what
// kubectl create asks for before it sends anything, and what kubectl explain prints.
//
// The one thing people get wrong: nothing here is a file. Field descriptions come from the types' SwaggerDoc methods at
// run time, so the texts are always those of the linked k8s.io/api; what upstream keeps in comment markers, which no
// program can see at run time, comes from the tables of package facts. Of types without a table JSON tags decide.
//
//	body, hash, err := openapi.Index(table)            // /openapi/v3
//	body, hash, err = openapi.Document(table, "api/v1") // /openapi/v3/api/v1?hash=...
//
// Documents are built at the first request and kept for the life of the process, shared by all clusters with equal rows.
// All functions are safe for concurrent use.
//
// What it does not do: the deprecated /watch/ paths, and what each value of an enum means, which upstream appends to
// descriptions out of comments. Of types without a SwaggerDoc the descriptions are our own.
package openapi
