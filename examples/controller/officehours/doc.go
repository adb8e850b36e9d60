// Package officehours is an operator that gives ReplicationControllers pods only within office hours: one that is
// annotated with office-hours.example.com/open: "08:00-18:00" is scaled to zero outside of them (in UTC), and gets its
// replicas back in the morning. A ConfigMap named timetable says in each namespace who is open and until when.
//
//	mgr, err := ctrl.NewManager(config, ctrl.Options{})
//	...
//	err = officehours.AddTo(mgr) // before mgr.Start
//
// The one thing people get wrong: who scales a controller while it is closed changes what it gets in the morning, not
// what it has now.
//
// The operator keeps no state of its own. What a closed controller had before stands in an annotation of it, so that
// another process can go on at any time. A finalizer keeps a deleted controller until it is off the timetable.
package officehours
