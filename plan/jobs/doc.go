// Package jobs holds ten jobs that the program is for, each as an account,
// sheets for it and the number of changes that its plan shall have: starters,
// an office that moves, phones that are refreshed, people who rotate desks,
// leavers, stocked phones, a merger, lobby phones, home workers and an office of
// four floors.
//
// Tests of several packages take them: the planner's on its model of an account,
// the program's against the simulator. The program itself uses none, and the
// package reads no file and no clock.
package jobs
