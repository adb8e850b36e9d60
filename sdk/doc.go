// Package sdk is a small client for Kubernetes pods: create, select, label, scale, wait, read logs, run commands, copy files
// and forward ports, over a rest.Config, the same on a real cluster and on a fake one.
//
// What people get wrong: nothing here waits unless it says so. [Client.Create] returns when the
// object is stored, long before a container runs; [Client.Delete] returns when a pod has begun to
// end. [Client.Run] and [Client.Wait] wait, for as long as their context allows: give them one with
// a deadline.
//
// The shortest useful program runs a pod and talks to it:
//
//	client, err := sdk.Load(sdk.LoadOptions{}) // the cluster that kubectl would talk to, or that this pod is in
//	if err != nil {
//		return err
//	}
//	if err := client.Run(ctx, pod); err != nil { // created, and ready
//		return err
//	}
//	forward, err := client.PortForward(ctx, pod, ":8080")
//	if err != nil {
//		return err
//	}
//	defer forward.Close()
//	resp, err := forward.HTTPClient().Get("http://pod:8080/")
//
// # Finding a cluster
//
// [Load] finds it as kubectl does: by KUBECONFIG or ~/.kube/config, with a context and a namespace of your choice and kubectl's flags by
// LoadOptions.AddFlags, else from inside a pod. [New] takes a rest.Config, of a fake cluster or of your own making. Requests are limited
// as client-go limits them, but for fake clusters.
//
// # Objects and targets
//
// Objects are the typed structs of k8s.io/api, or your own kinds by [WithScheme]. Calls that send
// an object fill it with the server's answer, kind and apiVersion included. What acts on something
// that runs takes a [Target]: an object, or [PodNamed], [ControllerNamed], [ServiceNamed], [Selected].
//
// Labels choose by the selectors of package types/selector: [Selecting] for lists and watches, [Selected] for targets,
// and both also in kubectl's syntax, [SelectingText] and [SelectedText]. An empty selector is everything to a list, and an
// error to what acts: [Client.DeleteAll] and targets want selector.All() where everything is meant.
//
// # Changes
//
// [Client.Update] sends a whole object, [Client.Patch] a change by [JSONPatch], [MergePatch] or [StrategicMergePatch], and [Client.Apply] what
// you mean an object to be, field by field, beside what others mean. [Client.Label], [Client.Annotate] and [Client.Scale] are changes
// with rules of their own.
//
// # Loops
//
// [Client.Watch] and [Client.Logs] are range-over-func iterators. Leaving the loop ends the request
// behind it, and no goroutine stays.
//
//	for event, err := range client.Watch(ctx, &corev1.PodList{}, sdk.SelectingText("app=crane")) {
//		if err != nil {
//			return err
//		}
//		fmt.Println(event.Type, event.Object.GetName())
//	}
//
// [Client.Select] keeps a live [View] of the pods of a selector, and [SelectOf] of any kind: they are listed, found by other selectors and
// followed without a request, and whatever breaks, no deletion is missed. A View must be closed.
//
// # Logs
//
// [Client.Logs] gives every line that the server can still give, once, whatever breaks meanwhile: connections, the API server,
// containers that restart, pods that are replaced. Where lines may be missing it says so, with a [LogGap]. [Client.Collect] keeps
// all lines in files, a writer or a function of yours, and reports what it could not get. [Client.LogStream] is the plain request.
//
// # Waiting, and why it is in vain
//
// [Client.Wait] waits for a [Condition]: of an object, a line of a log ([LoggedText]) or a port ([Answers]). [Client.Diagnose] says in a paragraph,
// and in findings that programs can test, why something does not run; the [RunError] of [Client.Run] brings it along.
//
// # Commands and files
//
// [Client.Exec] runs a command in a container, [Client.Attach] connects to its process, [Client.CopyTo] and [Client.CopyFrom] copy
// files by the container's tar. They end with their context, and try nothing twice.
//
// # Errors
//
// Every error says what was being done to which object, and wraps its cause, so that IsNotFound and
// the like of k8s.io/apimachinery/pkg/api/errors work. Besides them there are:
//   - [OverwriteError]: a label or annotation has another value already;
//   - [WaitError]: what was waited for in vain, and what was seen last; it wraps the error of the context,
//     [ErrDeleted], [ErrEnded], or the server's;
//   - [RunError]: why what was created did not become ready, with a [Diagnosis]; it wraps a WaitError, for which beside the
//     above there is [ErrHopeless];
//   - [LogGap]: lines of a log may be missing;
//   - [ExitError]: the exit code of a command that was run;
//   - [NoTarError]: why files cannot be copied;
//   - [ForwardError]: what the node says of one forwarded connection;
//   - [ErrLostConnection]: the way to the pod was lost, for a connection of a [Forward] or for good;
//   - [ErrPodGone]: why a [Forward] to that pod alone ended.
package sdk
