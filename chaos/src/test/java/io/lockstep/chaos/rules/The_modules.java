package io.lockstep.chaos.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The import rules of ARCHITECTURE.md as a build failure. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class The_modules {
  private static final JavaClasses LOCKSTEP =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.lockstep");

  @Test
  void import_in_one_direction_only() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("model")
        .definedBy("io.lockstep.model..")
        .layer("parts")
        .definedBy(
            "io.lockstep.sql..",
            "io.lockstep.mysql..",
            "io.lockstep.bus..",
            "io.lockstep.log..",
            "io.lockstep.load..")
        .layer("stages")
        .definedBy(
            "io.lockstep.gateway..",
            "io.lockstep.sequencer..",
            "io.lockstep.applier..",
            "io.lockstep.capture..")
        .layer("http")
        .definedBy("io.lockstep.http..")
        .layer("runtime")
        .definedBy("io.lockstep.runtime..")
        .layer("chaos")
        .definedBy("io.lockstep.chaos..")
        .whereLayer("chaos")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("runtime")
        .mayOnlyBeAccessedByLayers("chaos")
        .whereLayer("http")
        .mayOnlyBeAccessedByLayers("runtime", "chaos")
        .whereLayer("stages")
        .mayOnlyBeAccessedByLayers("http", "runtime", "chaos")
        .whereLayer("parts")
        .mayOnlyBeAccessedByLayers("stages", "http", "runtime", "chaos")
        .check(LOCKSTEP);
  }

  @Test
  void let_stages_meet_on_the_bus_alone() {
    List<String> stages = List.of("gateway", "sequencer", "applier", "capture");
    stages.forEach(
        stage ->
            stages.stream()
                .filter(other -> !other.equals(stage))
                .forEach(other -> stageDoesNotKnow(stage, other)));
  }

  private static void stageDoesNotKnow(String stage, String other) {
    noClasses()
        .that()
        .resideInAPackage("io.lockstep." + stage + "..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.lockstep." + other + "..")
        .check(LOCKSTEP);
  }

  @Test
  void keep_the_model_plain_java() {
    classes()
        .that()
        .resideInAPackage("io.lockstep.model..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.lockstep.model..", "java..", "org.jspecify..")
        .check(LOCKSTEP);
  }

  @Test
  void name_infinispan_jgroups_and_ratis_in_the_runtime_alone() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.lockstep.runtime..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.infinispan..", "org.jgroups..", "org.apache.ratis..")
        .check(LOCKSTEP);
  }

  @Test
  void have_no_static_state() {
    fields().that().areStatic().should().haveModifier(JavaModifier.FINAL).check(LOCKSTEP);
  }

  @Test
  void are_given_their_time() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("io.lockstep.bus.VertxTimers")
        .and()
        .resideOutsideOfPackages("io.lockstep.runtime..", "io.lockstep.chaos..")
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .check(LOCKSTEP);
  }
}
