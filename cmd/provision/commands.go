package main

import "github.com/spf13/cobra"

// commands are all commands, in the order in which a person comes to need them;
// help lists them by name.
func commands(a *app) []*cobra.Command {
	return []*cobra.Command{
		newPlanCmd(a, runPlan),
		newShowCmd(a, runShow),
		newApproveCmd(a, runApprove),
		newSnapshotCmd(a, runSnapshot),
		newRehearseCmd(a, runRehearse),
		newApplyCmd(a, runApply),
		newRunCmd(a, runRun),
		newInboxCmd(a, runInbox),
		newResumeCmd(a, runResume),
		newVerifyCmd(a, runVerify),
		newAbandonCmd(a, runAbandon),
		newUndoCmd(a, runUndo),
		newRunsCmd(a, runRuns),
		newReportCmd(a, runReport),
		newValidateCmd(a, runValidate),
		newTemplateCmd(a, runTemplate),
		newExportCmd(a, runExport),
		newSIPInfoCmd(a, runSIPInfo),
		newSimCmd(a, runSim),
		newConfigCmd(a),
		newDoctorCmd(a, runDoctor),
		newNotifyCmd(a),
		newVersionCmd(a),
		newCompletionCmd(a),
		newManCmd(a),
	}
}
