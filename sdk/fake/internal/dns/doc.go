// Package dns answers for the names of services and pods, as CoreDNS does in a cluster, to programs that look names up as Go's resolver
// does in a container: by the pod's /etc/hosts, and by the name server, search path and options of its /etc/resolv.conf.
//
// The thing people get wrong is which names there are. A service has one name, in its namespace; "crane" is short for it only in pods of that
// namespace, by their search path. The pods of a headless service are its addresses once they are ready; a pod has a name of its own only
// with a hostname and a subdomain that is such a service.
//
//	server := dns.New(api)
//	addrs, err := server.LookupHost(dns.Client{Hosts: hosts, Resolv: resolvConf}, "crane")
//
// Answers are made of what the API says at that moment; nothing is cached. What it does not do: names outside the cluster, which it does not
// know, PTR records, and UDP.
package dns
