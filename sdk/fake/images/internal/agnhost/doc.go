// Package agnhost is what Kubernetes' own tests run in most of their pods: one program with a command for each need. The commands and
// what they print are those of test/images/agnhost.
//
// The thing people get wrong is its end: it catches SIGTERM in some commands and not in others, and what does not dies late, or with
// exit code 143 where it is not the first process.
//
//	unix.Register("agnhost", agnhost.Main)
//
// UDP and SCTP are not there: what asks for them is told so. So are the commands that are not listed in commands.
package agnhost
