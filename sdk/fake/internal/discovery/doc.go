// Package discovery gives the documents by which clients find out what a cluster serves: plain and aggregated
// discovery, made from a [registry.Table], and /version.
//
// The one thing people get wrong: plain discovery names a subresource's kind by group and version only where they are
// not the resource's own, and so does aggregated discovery; clients fill in the rest.
//
//	doc := discovery.Groups(table) // what /apis answers to kubectl
//	w.Header().Set("ETag", discovery.ETag(doc))
//
// All documents carry their kind and apiVersion as the real server writes them, so they are encoded as they are. They
// are made anew at each call and belong to the caller.
package discovery
