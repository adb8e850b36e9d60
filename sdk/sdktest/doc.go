// Package sdktest is the contract of package sdk, as tests that any cluster can be held to: one suite of all its verbs, the
// same on a fake cluster, in memory or served, and on a real one.
//
// What people get wrong: the suite tests the client and the cluster together. On a cluster that CI trusts, a failure is a bug
// of the client; with a client that is known to be good, it is one of the cluster, of a proxy before it, or of rights that are
// missing. What each test wants is printed when it fails.
//
//	func TestContract(t *testing.T) {
//		config, _, err := sdk.LoadOptions{}.Config() // or fake.RunT(t).RESTConfig()
//		if err != nil {
//			t.Fatal(err)
//		}
//		sdktest.Run(t, config)
//	}
//
// # What it does to a cluster
//
// [Run] makes a namespace of its own, whose name the server completes, and deletes it at the end, with all in it; nothing else
// is touched, and several runs may go on at a time. At most a dozen small pods run at once, as many as -parallel allows tests.
// Their images are those of Kubernetes' own tests, agnhost and busybox, and pause; [Images] names mirrors of them. Whoever runs
// it needs to make namespaces, and the role admin in them. No privileges, volumes of claims or nodes of a certain kind are wanted.
//
// At the end it looks for goroutines of package sdk that were left. What it does not hold clusters to: tests of trouble, such as
// a node that stands still, need a cluster that can be told to have it, and are in package sdk, on the fake.
//
// # On kind
//
// A cluster of one node will do, and pulls the images at the first run:
//
//	kind create cluster --name contract --kubeconfig contract.kubeconfig
//	PODWRIGHT_KUBECONFIG=$PWD/contract.kubeconfig go test ./sdk/sdktest -run TestContract/named -v
//	kind delete cluster --name contract
//
// The environment variable may name the kubeconfig of any cluster, whose current context counts. One rule is run by its name:
// -run 'TestContract/named/rules/forward_heals'. With a slow network before the registry, give -timeout 30m.
package sdktest
