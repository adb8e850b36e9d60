package registry

// proxyVerbs are those of the subresources that pass requests on, whatever their methods.
var proxyVerbs = []string{"create", "delete", "get", "patch", "update"}
