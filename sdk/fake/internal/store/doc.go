// Package store keeps the objects of one cluster: every version immutable, every change an [Event] of one log.
//
// The one thing people get wrong: an object handed out by the store is shared by everyone and must never be written
// to. DeepCopy it first. An object handed in belongs to the store from then on.
//
// A version comes as an [Edition] to those who encode it, so that it is encoded once, however many read it.
//
// Writers compare and swap on the version they read, so the caller decides what to do about a conflict. Watchers walk
// the log at their own pace; the store never calls anybody and never holds its lock over anything but memory moves.
package store
