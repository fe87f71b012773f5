package dev.flujo.pipeline.forge;

import dev.flujo.event.SeenBranch;
import dev.flujo.event.SeenRequest;
import java.util.List;

/**
 * A kind of forge as Flujo asks and tells it. Each method is one question or one statement over HTTP, which may be repeated.
 * A forge that does not answer, or asks for patience, is a {@link ForgeAway}, after which the same may be tried again; one
 * that says no is a {@link ForgeRefused}, after which trying again is of no use before somebody has changed something.
 */
public interface Forge {

    /** Its name, as settings and the paths of webhooks have it. */
    String name();

    /** Says of a commit what a pipeline says; the last that is said of a context counts. */
    void tell(Repository repository, CommitStatus status);

    /** Whether somebody may write to the repository. */
    boolean mayWrite(Repository repository, ForgeUser user);

    /** The whole id of the commit that begins so. */
    String whole(Repository repository, String commit);

    /** The newest commit of every branch. */
    List<SeenBranch> branches(Repository repository);

    /** The same head with message, author and time, where the list of branches does not have them. */
    default SeenBranch detailed(Repository repository, SeenBranch head) {
        return head;
    }

    /** The pull or merge requests that are open. */
    List<SeenRequest> requests(Repository repository);
}
